import type { ComponentRow } from '../../session/port/rows.ts';
import type { Rows } from '../../store/known-window.ts';
import { byName, objectKey, viewOf } from '../../store/rows-view.ts';
import type { RowsView } from '../../store/rows-view.ts';
import type { Inventory, Program } from './stage-plan.ts';

const inOrder = (a: ComponentRow, b: ComponentRow): number => a.rank - b.rank || byName(a.name, b.name) || byName(a.address, b.address);

/** Finds whom a program dials among those there are: who is on its own machine, else all of that name. */
function dialledBy(view: RowsView): (row: ComponentRow) => readonly string[] {
  const byComponent = new Map<string, ComponentRow[]>();
  for (const row of view.components) byComponent.set(row.name, [...(byComponent.get(row.name) ?? []), row]);
  return (row) => row.mayDial.flatMap((name) => {
    const all = (byComponent.get(name) ?? []).filter((peer) => peer.address !== row.address);
    const near = all.filter((peer) => peer.host === row.host);
    return (near.length > 0 ? near : all).map((peer) => peer.address);
  });
}

/** What there is to lay out at one moment, in the order of the stage: all of it from what the programs say of themselves. */
export function inventoryOf(rows: Rows): Inventory {
  const view = viewOf(rows);
  const dialled = dialledBy(view);
  const programOf = (row: ComponentRow): Program => ({ address: row.address, dials: dialled(row) });
  const sorted = [...view.components].sort(inOrder);
  const door = sorted.find((component) => component.role === 'balancer') ?? sorted.find((component) => component.role === 'front-door');
  const programs = new Map<string, Program[]>();
  for (const component of sorted) {
    if (component.where !== 'node') continue;
    const known = programs.get(component.host);
    if (known === undefined) programs.set(component.host, [programOf(component)]);
    else known.push(programOf(component));
  }
  const cards = new Map<string, ComponentRow[]>();
  for (const component of sorted) if (component.where === 'control-plane' && component !== door) cards.set(component.name, [...(cards.get(component.name) ?? []), component]);
  const pods = (node: string): string[] => (view.podsByNode.get(node) ?? []).map((pod) => objectKey('Pod', pod.namespace, pod.name));
  return {
    frontDoor: door === undefined ? { address: '', dials: [] } : programOf(door),
    outside: sorted.filter((component) => component.where === 'outside').map(programOf),
    control: [...cards].map(([name, members]) => ({ name, role: members[0]!.role, breadth: members[0]!.breadth, members: members.map(programOf) })),
    cloud: sorted.filter((component) => component.where === 'cloud').map(programOf),
    hosts: view.hosts.filter((host) => programs.has(host.name)).sort((a, b) => Number(b.where === 'control-plane') - Number(a.where === 'control-plane')).map((host) => ({
      name: host.name, slim: host.where === 'control-plane', programs: programs.get(host.name)!, pods: pods(host.name),
    })),
    pending: pods(''),
  };
}

/** Two stages, of two futures, may ask in turns. */
const known = new WeakMap<Rows, Inventory>();
let lastKey = '';
let lastInventory: Inventory | undefined;

/** What there is to lay out: stays the same object while only the state of things changes, so that nothing is laid out or drawn again. */
export function steadyInventory(rows: Rows): Inventory {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const inventory = inventoryOf(rows);
  const key = JSON.stringify(inventory);
  if (key !== lastKey || lastInventory === undefined) [lastKey, lastInventory] = [key, inventory];
  known.set(rows, lastInventory);
  return lastInventory;
}
