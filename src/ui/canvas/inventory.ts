import type { ComponentRow } from '../../session/port/rows.ts';
import type { Rows } from '../../store/known-window.ts';
import { objectKey, viewOf } from '../../store/rows-view.ts';
import type { Inventory } from './layout.ts';

const runtimes = ['containerd', 'cri-o', 'dockerd', 'cni', 'runc'];
const controlOrder = ['kube-scheduler', 'kube-controller-manager', 'etcd', 'cloud-controller-manager'];
const programOrder = ['kubelet', 'kube-proxy', 'containerd', 'cri-o', 'dockerd', 'cni'];
const rank = (order: readonly string[], name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);

/** What there is to lay out at one moment, in the order of the stage. */
export function inventoryOf(rows: Rows): Inventory {
  const view = viewOf(rows);
  const apiServer = view.components.find((component) => component.name === 'kube-apiserver')?.address ?? '';
  const control = view.components.filter((component) => component.where === 'control-plane' && component.address !== apiServer);
  const programs = new Map<string, ComponentRow[]>();
  for (const component of view.components) if (component.where === 'node') programs.set(component.host, [...(programs.get(component.host) ?? []), component]);
  const pods = (node: string): string[] => (view.podsByNode.get(node) ?? []).map((pod) => objectKey('Pod', pod.namespace, pod.name));
  return {
    apiServer,
    outside: view.components.filter((component) => component.where === 'outside').map((component) => component.address),
    control: control.map(({ address, name }) => ({ address, name })).sort((a, b) => rank(controlOrder, a.name) - rank(controlOrder, b.name)),
    hosts: view.hosts.filter((host) => programs.has(host.name)).sort((a, b) => Number(b.where === 'control-plane') - Number(a.where === 'control-plane')).map((host) => ({
      name: host.name,
      slim: host.where === 'control-plane',
      programs: programs.get(host.name)!.map(({ address, name }) => ({ address, name, dialsApi: !runtimes.includes(name) })).sort((a, b) => rank(programOrder, a.name) - rank(programOrder, b.name)),
      pods: pods(host.name),
    })),
    pending: pods(''),
  };
}

let lastRows: Rows | undefined;
let lastKey = '';
let lastInventory: Inventory | undefined;

/** What there is to lay out: stays the same object while only the state of things changes, so that nothing is laid out or drawn again. */
export function steadyInventory(rows: Rows): Inventory {
  if (rows === lastRows && lastInventory !== undefined) return lastInventory;
  lastRows = rows;
  const inventory = inventoryOf(rows);
  const key = JSON.stringify(inventory);
  if (key !== lastKey || lastInventory === undefined) [lastKey, lastInventory] = [key, inventory];
  return lastInventory;
}
