import type { AnyStateMachine } from 'xstate';
import type { ChartContext } from './chart.ts';
import type { ProcessEvent, StateValue } from './process.ts';

/**
 * Reads an XState machine once and lays it out for stepping: states in document order, transitions with their guards and plans resolved.
 * Only what a process chart may use is accepted; everything else is refused by name, here and not in the middle of a run.
 */
type Context = ChartContext<unknown>;
export type Plan = (args: { context: Context; event: ProcessEvent }) => Context;
type Guard = (args: { context: Context; event: ProcessEvent }) => boolean;
export type DelayUs = (args: { context: Context; event: ProcessEvent }) => number;

export interface ChartState {
  readonly id: string;
  readonly key: string;
  readonly kind: 'atomic' | 'compound' | 'parallel';
  readonly order: number;
  readonly parent: ChartState | undefined;
  readonly children: ChartState[];
  initial: ChartState | undefined;
  readonly entry: Plan[];
  readonly exit: Plan[];
  /** Timers that run while the state is active: their event is the timer's id. */
  readonly timers: { readonly id: string; readonly delayUs: DelayUs }[];
  readonly on: Map<string, ChartTransition[]>;
  readonly always: ChartTransition[];
}

export interface ChartTransition {
  readonly source: ChartState;
  readonly target: ChartState | undefined;
  readonly reenter: boolean;
  readonly guard: Guard | undefined;
  readonly plans: readonly Plan[];
  /** The list that holds just this transition, made once: most events take one. */
  readonly alone: readonly ChartTransition[];
}

export interface Chart { readonly root: ChartState; readonly states: readonly ChartState[] }

interface XStateNode {
  id: string; key: string; type: string; order: number; states: Record<string, XStateNode>; entry: readonly unknown[]; exit: readonly unknown[];
  initial?: { target: readonly XStateNode[] }; invoke?: readonly unknown[]; always?: readonly XStateTransition[]; transitions: Map<string, XStateTransition[]>;
  after: readonly { delay?: unknown; eventType: string }[];
}
interface XStateTransition { target?: readonly XStateNode[]; reenter: boolean; guard?: unknown; actions: readonly unknown[] }

export function compileChart(machine: AnyStateMachine): Chart {
  const { implementations } = machine as unknown as { implementations: { actions: Record<string, unknown>; guards: Record<string, unknown>; delays: Record<string, unknown> } };
  const byId = new Map<string, ChartState>();
  const refuse = (where: string, what: string): never => { throw new Error(`chart ${machine.id}, ${where}: ${what}`); };

  const plan = (action: unknown, where: string): Plan => {
    const name = typeof action === 'string' ? action : (action as { type?: unknown }).type;
    const found = typeof name === 'string' ? implementations.actions[name] : undefined;
    const assignment = (found as { type?: string; assignment?: unknown } | undefined)?.assignment;
    if (typeof assignment !== 'function') return refuse(where, `action ${JSON.stringify(name) ?? 'inline'} is not a named act(); a process asks for things by effects only`);
    return assignment as Plan;
  };
  const guard = (asked: unknown, where: string): Guard | undefined => {
    if (asked === undefined) return undefined;
    const found = typeof asked === 'string' ? implementations.guards[asked] : undefined;
    return typeof found === 'function' ? (found as Guard) : refuse(where, `guard ${String(asked)} is not a named when()`);
  };
  const isTimerAction = (action: unknown): boolean => ['xstate.raise', 'xstate.cancel'].includes((action as { type?: string }).type ?? '');

  const lay = (node: XStateNode, parent: ChartState | undefined): ChartState => {
    if (!['atomic', 'compound', 'parallel'].includes(node.type)) refuse(node.id, `a ${node.type} state is not used here`);
    if ((node.invoke ?? []).length > 0) refuse(node.id, 'invoke would run outside the kernel');
    const state: ChartState = {
      id: node.id, key: node.key, kind: node.type as ChartState['kind'], order: node.order, parent, children: [], initial: undefined,
      entry: node.entry.filter((a) => !isTimerAction(a)).map((a) => plan(a, node.id)),
      exit: node.exit.filter((a) => !isTimerAction(a)).map((a) => plan(a, node.id)),
      timers: node.after.map(({ delay, eventType }) => ({ id: eventType, delayUs: delayOf(delay, node.id) })),
      on: new Map(), always: [],
    };
    byId.set(node.id, state);
    for (const child of Object.values(node.states)) state.children.push(lay(child, state));
    return state;
  };
  const delayOf = (delay: unknown, where: string): DelayUs => {
    const found = typeof delay === 'string' ? implementations.delays[delay] : undefined;
    if (typeof found === 'number') return () => found;
    return typeof found === 'function' ? (found as DelayUs) : refuse(where, `delay "${String(delay)}" is not among the chart's delays (XState would fire it at once)`);
  };
  const link = (node: XStateNode): void => {
    const state = byId.get(node.id)!;
    state.initial = node.initial === undefined ? undefined : byId.get(node.initial.target[0]?.id ?? '');
    const transition = (t: XStateTransition, on: string): ChartTransition => {
      if ((t.target?.length ?? 0) > 1) refuse(node.id, 'a transition has one target');
      const alone: ChartTransition[] = [];
      alone.push({ source: state, target: t.target?.[0] && byId.get(t.target[0].id), reenter: t.reenter, guard: guard(t.guard, `${node.id} on ${on}`), plans: t.actions.map((a) => plan(a, `${node.id} on ${on}`)), alone });
      return alone[0]!;
    };
    for (const [type, list] of node.transitions) state.on.set(type, list.map((t) => transition(t, type)));
    for (const t of node.always ?? []) state.always.push(transition(t, 'always'));
    for (const child of Object.values(node.states)) link(child);
  };

  const xroot = machine.root as unknown as XStateNode;
  const root = lay(xroot, undefined);
  link(xroot);
  for (let state: ChartState | undefined = root; state; state = state.initial) {
    if (state.entry.length > 0 || state.timers.length > 0) refuse(state.id, 'the first state waits for process.started: nothing can be done on entry before the process has the time');
  }
  return { root, states: [...byId.values()].sort((a, b) => a.order - b.order) };
}

/** The transitions a state has for an event type: its exact name if it has one, else its wildcards, longest first (as XState's getCandidates). */
export function candidates(state: ChartState, type: string): readonly ChartTransition[] {
  const exact = state.on.get(type);
  if (exact !== undefined) return exact;
  return [...state.on.keys()].filter((descriptor) => matches(type, descriptor)).sort((a, b) => b.length - a.length).flatMap((key) => state.on.get(key)!);
}

function matches(type: string, descriptor: string): boolean {
  if (descriptor === '*') return true;
  return descriptor.endsWith('.*') && (type === descriptor.slice(0, -2) || type.startsWith(descriptor.slice(0, -1)));
}

/** The state value in XState's own form. */
export function valueOf(state: ChartState, active: ReadonlySet<ChartState>): StateValue {
  const children = state.children.filter((child) => active.has(child));
  if (state.kind === 'compound' && children[0]?.children.length === 0) return children[0].key;
  return Object.fromEntries(children.map((child) => [child.key, child.children.length === 0 ? {} : valueOf(child, active)]));
}
