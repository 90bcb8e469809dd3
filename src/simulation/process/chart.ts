import { assign } from 'xstate';
import type { Effect, Outcome, ProcessEvent } from './process.ts';

/** The context of every chart: what the process knows, and the effects gathered during one step (the kernel empties it). */
export interface ChartContext<State> {
  readonly state: State;
  readonly outbox: readonly Effect[];
}

/** The `types` entry of `setup()` for a process chart: `setup({ types: chartTypes<State>(), … })`. */
export const chartTypes = <State>() =>
  ({}) as { context: ChartContext<State>; events: ProcessEvent; input: { readonly state: State } };

/** A chart action from a plan: it takes what the process knows and the event, and returns what it knows next and what it asks for. */
export const act = <State>(work: (state: State, event: ProcessEvent) => Outcome<State>) =>
  assign<ChartContext<State>, ProcessEvent, undefined, ProcessEvent, never>(({ context, event }) => {
    const [state, effects] = work(context.state, event);
    return { state, outbox: effects.length === 0 ? context.outbox : context.outbox.length === 0 ? effects : [...context.outbox, ...effects] };
  });

/** A chart guard from a true-or-false question about what the process knows and the event. */
export const when = <State>(ask: (state: State, event: ProcessEvent) => boolean) =>
  ({ context, event }: { context: ChartContext<State>; event: ProcessEvent }): boolean => ask(context.state, event);
