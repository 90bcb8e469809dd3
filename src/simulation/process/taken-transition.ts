import type { AnyStateMachine } from 'xstate';
import type { ProcessEvent, Snapshot } from './process.ts';

/** One transition as `ChartView` lists it. */
export interface TakenTransition { readonly from: string; readonly to: string; readonly on: string; readonly guard?: string; readonly actions: readonly string[] }

interface Definition { readonly source: { readonly id: string; readonly parent?: unknown }; readonly target?: readonly { readonly id: string }[]; readonly eventType: string; readonly guard?: unknown; readonly actions: readonly unknown[] }

const nameOf = (named: unknown): string => (typeof named === 'string' ? named : String((named as { type?: string }).type ?? ''));

/** The transitions that an event takes from a snapshot, by XState's own choice: the machine is asked, not run. */
export function takenTransitions(machine: AnyStateMachine, before: Snapshot, event: ProcessEvent): readonly TakenTransition[] {
  const type = event.kind === 'timer' && event.id.startsWith('xstate.after.') ? event.id : event.type;
  const asked = machine as unknown as { resolveState(config: unknown): unknown; getTransitionData(snapshot: unknown, event: unknown): readonly Definition[] };
  const snapshot = asked.resolveState({ value: before.value, context: { state: before.state, outbox: [] } });
  return asked.getTransitionData(snapshot, { ...event, type }).map(({ source, target, eventType, guard, actions }) => ({
    from: source.parent === undefined ? '' : source.id, to: target?.[0]?.id ?? '', on: eventType.startsWith('xstate.after') ? 'after' : eventType,
    ...(guard !== undefined && { guard: nameOf(guard) }), actions: actions.map(nameOf),
  }));
}
