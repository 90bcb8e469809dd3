import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createActor, setup, type AnyStateMachine } from 'xstate';
import { act, chartTypes, when } from './chart.ts';
import { chartProcess } from './chart-process.ts';
import type { ProcessEvent, ProcessStart } from './process.ts';

interface Told { readonly said: readonly string[] }
const env = { nowUs: 0, self: 'h/p', eventId: 0, random: () => 0 };
const event = (type: string): ProcessEvent => ({ type, kind: 'request', id: '', from: '', body: undefined, env });
const say = (word: string) => act<Told>((told, e) => [{ said: [...told.said, `${word} on ${e.type}`] }, []]);

/** A chart with everything a process chart may use: nesting, regions, guards, always, wildcards, re-entry, exits from inside a region. */
const rich = setup({
  types: chartTypes<Told>(),
  guards: { 'said little': when<Told>((told) => told.said.length < 40), 'even': when<Told>((told) => told.said.length % 2 === 0), 'third': when<Told>((told) => told.said.length % 3 === 0) },
  delays: { soon: 1_000_000 },
  actions: { a: say('a'), b: say('b'), c: say('c'), in: say('in'), out: say('out'), root: say('root') },
}).createMachine({
  id: 'rich', context: ({ input }) => ({ state: input.state, outbox: [] }), initial: 'off',
  states: {
    off: { on: { 'process.started': 'flat' } },
    flat: { entry: 'in', exit: 'out', on: { 'x.go': [{ guard: 'even', target: 'deep', actions: 'a' }, { actions: 'b' }], 'x.again': { target: 'flat', reenter: true, actions: 'c' }, 'x.*': { actions: 'a' }, 'y': 'both' } },
    deep: {
      entry: 'in', exit: 'out', initial: 'one', on: { 'x.go': { target: '.two' }, 'y': 'flat', '*': { actions: 'root' } },
      states: {
        one: { entry: 'a', exit: 'b', always: { guard: 'third', target: 'two' }, on: { 'x.go': { guard: 'even', target: 'two' } } },
        two: { entry: 'c', after: { soon: 'one' }, on: { 'z.*': { target: '#rich.both.right.r2', actions: 'b' } } },
      },
    },
    both: {
      type: 'parallel', on: { y: 'flat', 'x.go': { actions: 'root' } },
      states: {
        left: { initial: 'l1', states: { l1: { entry: 'in', on: { 'x.again': 'l2', 'z.1': { target: '#rich.flat' } } }, l2: { exit: 'out', on: { 'x.again': { guard: 'said little', target: 'l1' }, 'x.*': { actions: 'b' } } } } },
        right: { initial: 'r1', on: { 'z.1': { actions: 'c' } }, states: { r1: { on: { 'x.again': { target: 'r2', actions: 'a' }, 'z.1': 'r2' } }, r2: { entry: 'b', always: { guard: 'even', target: 'r1' } } } },
      },
    },
  },
});

/** XState's own stepping, with one inert scope. */
function reference(machine: AnyStateMachine) {
  const inert = createActor(machine, { input: { state: { said: [] } } });
  const scope = { self: inert, id: 'h/p', sessionId: 'h/p', logger: () => undefined, defer: () => undefined, system: (inert as unknown as { system: unknown }).system, stopChild: () => undefined, emit: () => undefined, actionExecutor: () => undefined };
  let snapshot = machine.getInitialSnapshot(scope as never, { state: { said: [] } });
  return { step: (e: ProcessEvent) => { snapshot = machine.transition(snapshot, e, scope as never); return { value: snapshot.value, state: (snapshot.context as { state: Told }).state }; } };
}

describe('a chart as a process', () => {
  test('takes the same way as XState through random events', () => {
    const types = ['x.go', 'x.again', 'x.other', 'y', 'z.1', 'z.2', 'w'];
    fc.assert(fc.property(fc.array(fc.constantFrom(...types), { maxLength: 60 }), (events) => {
      const process = chartProcess<Told>({ name: 'rich', machine: rich, initial: () => ({ said: [] }) });
      const peer = reference(rich);
      const first = event('process.started') as ProcessEvent<ProcessStart>;
      let { snapshot } = process.start({ ...first, kind: 'start', body: { input: {}, disk: undefined, incarnation: 0 } });
      expect(snapshot).toEqual(peer.step(first));
      for (const type of events) {
        snapshot = process.step(snapshot, event(type)).snapshot;
        expect(snapshot).toEqual(peer.step(event(type)));
      }
    }), { numRuns: 300 });
  });

  test('a named delay becomes a timer, in microseconds, and leaving the state clears it', () => {
    const process = chartProcess<Told>({ name: 'rich', machine: rich, initial: () => ({ said: ['1', '2'] }) });
    let now = process.start({ ...(event('process.started') as ProcessEvent<ProcessStart>), kind: 'start', body: { input: {}, disk: undefined, incarnation: 0 } });
    while ((now.snapshot.value as { deep?: string }).deep !== 'two') now = process.step(now.snapshot, event('x.go'));
    const [timer] = now.effects;
    expect(timer).toMatchObject({ kind: 'set-timer', afterUs: 1_000_000 });
    now = process.step(now.snapshot, { ...event('timer.x'), kind: 'timer', id: (timer as { id: string }).id });
    expect(now.effects).toContainEqual({ kind: 'clear-timer', id: (timer as { id: string }).id });
  });

  const refused = (build: (s: ReturnType<typeof make>) => unknown) => () => chartProcess({ name: 'bad', machine: build(make()) as AnyStateMachine, initial: () => ({ said: [] }) });
  const make = () => setup({ types: chartTypes<Told>(), actions: { a: say('a') }, delays: { soon: 1 } });
  test.each<[string, () => unknown, RegExp]>([
    ['an action nobody wrote', refused((s) => s.createMachine({ initial: 'x', states: { x: { on: { go: { actions: 'ghost' as 'a' } } } } } as never)), /action "ghost"/],
    ['a delay nobody wrote', refused((s) => s.createMachine({ initial: 'x', states: { x: { on: { go: 'y' } }, y: { after: { later: 'x' } } } } as never)), /delay "later"/],
    ['an inline function', refused((s) => s.createMachine({ initial: 'x', states: { x: { on: { go: { actions: () => undefined } } } } } as never)), /named act/],
    ['a guard nobody wrote', refused((s) => s.createMachine({ initial: 'x', states: { x: { on: { go: { guard: 'ghost', target: 'x' } } } } } as never)), /guard ghost/],
    ['work on entry before the start', refused((s) => s.createMachine({ initial: 'x', states: { x: { entry: 'a' } } } as never)), /process\.started/],
    ['an end', refused((s) => s.createMachine({ initial: 'x', states: { x: { on: { go: 'y' } }, y: { type: 'final' } } } as never)), /final state/],
  ])('%s is refused when the chart is read', (_, build, words) => expect(build).toThrow(words));
});
