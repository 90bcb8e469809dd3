import type { AnyStateMachine } from 'xstate';
import type { StateValue } from './process.ts';

/** A machine's chart as plain data, for drawing: read from the machine that runs, never kept by hand. */
export interface ChartView {
  readonly states: readonly { readonly id: string; readonly parent: string; readonly label: string; readonly active: boolean; readonly initial: boolean; readonly parallel: boolean }[];
  readonly transitions: readonly { readonly from: string; readonly to: string; readonly on: string; readonly guard?: string; readonly actions: readonly string[] }[];
}

interface Node { id: string; key: string; type: string; parent?: Node; states: Record<string, Node>; initial?: { target: readonly Node[] }; always?: readonly Transition[]; transitions: Map<string, Transition[]>; after: readonly (Transition & { delay?: unknown })[] }
interface Transition { target?: readonly Node[]; guard?: unknown; actions: readonly unknown[] }

const nameOf = (named: unknown): string => (typeof named === 'string' ? named : String((named as { type?: string }).type ?? ''));

export function viewChart(machine: AnyStateMachine, value: StateValue | undefined): ChartView {
  const active = new Set(value === undefined ? [] : activeStates(value).map((path) => path.join('.')));
  const states: ChartView['states'][number][] = [];
  const transitions: ChartView['transitions'][number][] = [];
  const visit = (node: Node, path: readonly string[]): void => {
    if (node.parent !== undefined) {
      states.push({ id: node.id, parent: node.parent.parent === undefined ? '' : node.parent.id, label: node.key, active: active.has(path.join('.')), initial: node.parent.initial?.target[0] === node, parallel: node.parent.type === 'parallel' });
    }
    const add = (t: Transition, on: string): void => {
      transitions.push({ from: node.parent === undefined ? '' : node.id, to: t.target?.[0]?.id ?? '', on, ...(t.guard !== undefined && { guard: nameOf(t.guard) }), actions: t.actions.map(nameOf) });
    };
    for (const [type, list] of node.transitions) for (const t of list) if (!type.startsWith('xstate.after')) add(t, type);
    for (const t of node.always ?? []) add(t, 'always');
    for (const t of node.after) add(t, `after ${String(t.delay)}`);
    for (const child of Object.values(node.states)) visit(child, [...path, child.key]);
  };
  visit(machine.root as unknown as Node, []);
  return { states, transitions };
}

/** The paths of all active states, outermost first. */
export function activeStates(value: StateValue): readonly (readonly string[])[] {
  if (typeof value === 'string') return [[value]];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...activeStates(inner).map((path) => [key, ...path])]);
}
