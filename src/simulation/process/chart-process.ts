import type { AnyStateMachine } from 'xstate';
import { candidates, compileChart, valueOf, type Chart, type ChartState, type ChartTransition, type Plan } from './compile-chart.ts';
import type { ChartContext } from './chart.ts';
import { clearTimer, setTimer } from './effects.ts';
import type { Effect, ProcessDefinition, ProcessEvent, ProcessStart, Snapshot, StateValue, StopCause } from './process.ts';

/**
 * Runs an XState machine as a process. The machine is the only source: its states, transitions, guards and plans are read from it
 * once and stepped as tables, which is ten times faster than `machine.transition` and agrees with it (chart-process.test.ts
 * steps both through random events).
 */
export interface ChartOptions<State> {
  readonly name: string;
  readonly machine: AnyStateMachine;
  initial(input: unknown, disk: unknown, incarnation: number): State;
  survives?(state: State, cause: StopCause): unknown;
}

/** A set of active states, made once and shared by every snapshot that is in it. */
interface Configuration {
  readonly value: StateValue;
  readonly active: ReadonlySet<ChartState>;
  /** What could be taken for an event type (or for none: `always`), without the states that have nothing to say. */
  readonly byType: Map<string, Choice | undefined>;
  always: Choice | undefined;
  readonly moves: Map<ChartTransition, Move>;
}
/** Inner states choose first; where none of them does, the state itself does. Regions beside each other choose each for itself. */
interface Choice { readonly inner: readonly Choice[]; readonly own: readonly ChartTransition[] }
interface Move { readonly exited: readonly ChartState[]; readonly entered: readonly ChartState[]; readonly next: Configuration }

const none: readonly Effect[] = [];
const isAfter = (id: string): boolean => id.startsWith('xstate.after.');

export function chartProcess<State>(options: ChartOptions<State>): ProcessDefinition<State> {
  const chart = compileChart(options.machine);
  const table = new Configurations(chart);
  return {
    name: options.name,
    start(event: ProcessEvent<ProcessStart>) {
      const { input, disk, incarnation } = event.body;
      const state = options.initial(input, disk, incarnation);
      return run(table, table.initial, { state, outbox: none }, event);
    },
    step: (snapshot, event) => run(table, table.of(snapshot.value), { state: snapshot.state, outbox: none }, event),
    ...(options.survives && { survives: options.survives.bind(options) }),
  };
}

/** What plans and guards are handed; one object for the whole step, since none of them keeps it. */
interface Args { context: ChartContext<unknown>; readonly event: ProcessEvent }

function run<State>(table: Configurations, from: Configuration, before: ChartContext<State>, event: ProcessEvent): { snapshot: Snapshot<State>; effects: readonly Effect[] } {
  const args: Args = { context: before, event };
  const timers: Effect[] = [];
  const type = event.kind === 'timer' && isAfter(event.id) ? event.id : event.type;
  let configuration = take(table, from, table.select(from, type, args), args, timers);
  for (let round = 0; configuration.always !== undefined; round += 1) {
    const enabled = table.selectAlways(configuration, args);
    if (enabled.length === 0) break;
    if (round > 100) throw new Error(`chart ${table.chart.root.id} never comes to rest after ${event.type}`);
    configuration = take(table, configuration, enabled, args, timers);
  }
  const { context } = args;
  return { snapshot: { value: configuration.value, state: context.state as State }, effects: timers.length === 0 ? context.outbox : [...context.outbox, ...timers] };
}

function apply(plans: readonly Plan[], args: Args): void {
  for (let i = 0; i < plans.length; i += 1) args.context = plans[i]!(args);
}

/** As XState's microstep: all that is left, then what the transitions do, then all that is entered. */
function take(table: Configurations, configuration: Configuration, transitions: readonly ChartTransition[], args: Args, timers: Effect[]): Configuration {
  if (transitions.length === 0) return configuration;
  if (transitions.length === 1 && transitions[0]!.target === undefined) {
    apply(transitions[0]!.plans, args);
    return configuration;
  }
  const move = table.move(configuration, transitions);
  for (const state of move.exited) {
    for (const timer of state.timers) timers.push(clearTimer(timer.id));
    apply(state.exit, args);
  }
  for (const transition of transitions) apply(transition.plans, args);
  for (const state of move.entered) {
    for (const timer of state.timers) timers.push(setTimer(timer.id, timer.delayUs(args)));
    apply(state.entry, args);
  }
  return move.next;
}

class Configurations {
  readonly chart: Chart;
  readonly initial: Configuration;
  private readonly byKey = new Map<string, Configuration>();
  private readonly byValue = new Map<StateValue, Configuration>();

  constructor(chart: Chart) {
    this.chart = chart;
    const active = new Set<ChartState>();
    enterDefault(chart.root, active);
    this.initial = this.intern(active);
  }

  of(value: StateValue): Configuration {
    const found = this.byValue.get(value);
    if (found === undefined) throw new Error(`chart ${this.chart.root.id} has never been in ${JSON.stringify(value)}`);
    return found;
  }

  /** The transitions an event takes: innermost first, one per region, without conflicts. */
  select(configuration: Configuration, type: string, args: Args): readonly ChartTransition[] {
    let choice = configuration.byType.get(type);
    if (choice === undefined && !configuration.byType.has(type)) {
      choice = choicesOf(this.chart.root, configuration.active, (state) => candidates(state, type));
      configuration.byType.set(type, choice);
    }
    return choice === undefined ? nothing : this.withoutConflicts(configuration, choose(choice, args));
  }

  selectAlways(configuration: Configuration, args: Args): readonly ChartTransition[] {
    return configuration.always === undefined ? nothing : this.withoutConflicts(configuration, choose(configuration.always, args));
  }

  move(configuration: Configuration, transitions: readonly ChartTransition[]): Move {
    const only = transitions.length === 1 ? transitions[0]! : undefined;
    const known = only && configuration.moves.get(only);
    if (known !== undefined) return known;
    const leaving = new Set(transitions.flatMap((t) => exitSet(configuration, t)));
    const exited = [...leaving].sort((a, b) => b.order - a.order);
    const kept = new Set([...configuration.active].filter((state) => !leaving.has(state)));
    const active = new Set(kept);
    for (const t of transitions) if (t.target !== undefined) enterTarget(t.target, domain(t, t.target), active);
    const entered = [...active].filter((state) => !kept.has(state)).sort((a, b) => a.order - b.order);
    const move = { exited, entered, next: this.intern(active) };
    if (only) configuration.moves.set(only, move);
    return move;
  }

  private withoutConflicts(configuration: Configuration, enabled: readonly ChartTransition[]): readonly ChartTransition[] {
    if (enabled.length < 2) return enabled;
    let kept: ChartTransition[] = [];
    for (const t of new Set(enabled)) {
      const exits = exitSet(configuration, t);
      const rivals = kept.filter((other) => exitSet(configuration, other).some((state) => exits.includes(state)));
      if (rivals.some((other) => !isInside(t.source, other.source))) continue;
      kept = [...kept.filter((other) => !rivals.includes(other)), t];
    }
    return kept;
  }

  private intern(active: ReadonlySet<ChartState>): Configuration {
    const ordered = [...active].sort((a, b) => a.order - b.order);
    const key = ordered.map((state) => state.order).join(' ');
    let found = this.byKey.get(key);
    if (found === undefined) {
      found = { value: valueOf(this.chart.root, active), active, byType: new Map(), always: choicesOf(this.chart.root, active, (state) => state.always), moves: new Map() };
      this.byKey.set(key, found);
      this.byValue.set(found.value, found);
    }
    return found;
  }
}

const nothing: readonly ChartTransition[] = [];

function choicesOf(state: ChartState, active: ReadonlySet<ChartState>, list: (state: ChartState) => readonly ChartTransition[]): Choice | undefined {
  const inner = state.children.flatMap((child) => (active.has(child) ? choicesOf(child, active, list) ?? [] : []));
  const own = list(state);
  return inner.length === 0 && own.length === 0 ? undefined : own.length === 0 && inner.length === 1 ? inner[0] : { inner, own };
}

function choose(choice: Choice, args: Args): readonly ChartTransition[] {
  let chosen = nothing;
  for (const inner of choice.inner) {
    const found = choose(inner, args);
    if (found.length > 0) chosen = chosen.length === 0 ? found : [...chosen, ...found];
  }
  if (chosen.length > 0) return chosen;
  for (const transition of choice.own) if (transition.guard === undefined || transition.guard(args)) return transition.alone;
  return nothing;
}

/** The state and all around it, innermost first. */
function ancestry(state: ChartState): readonly ChartState[] {
  const path: ChartState[] = [];
  for (let at: ChartState | undefined = state; at !== undefined; at = at.parent) path.push(at);
  return path;
}

const isInside = (state: ChartState, outer: ChartState): boolean => state !== outer && ancestry(state).includes(outer);

/** The innermost state that stays active while the transition is taken. */
function domain(t: ChartTransition, target: ChartState): ChartState | undefined {
  if (!t.reenter && (target === t.source || isInside(target, t.source))) return t.source;
  return ancestry(t.source).slice(1).find((outer) => isInside(target, outer));
}

function exitSet(configuration: Configuration, t: ChartTransition): readonly ChartState[] {
  if (t.target === undefined) return [];
  const around = domain(t, t.target);
  return [...configuration.active].filter((state) => (around === undefined ? true : isInside(state, around)) || (t.reenter && state === t.source && t.target === t.source))
    .sort((a, b) => b.order - a.order);
}

function enterTarget(target: ChartState, around: ChartState | undefined, active: Set<ChartState>): void {
  // Going to oneself without re-entering leaves a state without children as it is.
  if (around === target && target.children.length === 0) return;
  const path = ancestry(target).filter((state) => state !== target && (around === undefined || isInside(state, around)));
  for (const state of [target, ...path]) active.add(state);
  if (around === target) for (const child of around.kind === 'parallel' ? around.children : [around.initial]) { if (child) enterDefault(child, active); }
  else enterDefault(target, active);
  for (const state of path) if (state.kind === 'parallel') for (const region of state.children) if (!active.has(region)) enterDefault(region, active);
}

function enterDefault(state: ChartState, active: Set<ChartState>): void {
  active.add(state);
  if (state.kind === 'compound' && state.initial) enterDefault(state.initial, active);
  if (state.kind === 'parallel') for (const region of state.children) enterDefault(region, active);
}
