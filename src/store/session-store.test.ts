import { describe, expect, test } from 'vitest';
import type { Frame, FromSession, Recording, ToSession } from '../session/port/protocol.ts';
import { createSession } from '../session/session.ts';
import type { SessionConnection } from './connection.ts';
import { KnownWindow } from './known-window.ts';
import { lookBackFrom, lookFurther } from './look-back.ts';
import { createSessionStore, newRecording } from './session-store.ts';

const noManifests = (): never => { throw new Error('this world is given no manifests'); };

/** A world at the other end of the port. It answers when it is its turn, as one in a Worker does. */
function world(): { connection: SessionConnection; answerAll: () => void } {
  const [asked, answers]: [ToSession[], FromSession[]] = [[], []];
  const session = createSession({ emit: (answer) => answers.push(answer), readManifests: noManifests });
  let hear: (answer: FromSession) => void = () => undefined;
  return {
    connection: { send: (request) => asked.push(request), listen: (next) => { hear = next; }, close: () => undefined },
    answerAll() {
      for (let request = asked.shift(); request !== undefined; request = asked.shift()) {
        session.receive(request);
        for (let answer = answers.shift(); answer !== undefined; answer = answers.shift()) hear(answer);
      }
    },
  };
}

/** A machine fails after a minute, so that much later there is something to step back to. */
const recording: Recording = { ...newRecording(), commands: [{ atUs: 60_000_000, command: { type: 'power-off-node', node: 'worker-1' } }] };

/** The moments of the news before `atUs`, newest first, of somebody who knows everything from the start. */
function newsBefore(what: 'message' | 'change', atUs: number, count: number): number[] {
  const known = new KnownWindow();
  const session = createSession({ emit: (answer) => { if (answer.type === 'frame') known.take(answer); }, readManifests: noManifests });
  session.receive({ type: 'open', recording });
  session.receive({ type: 'know', throughUs: atUs, untilNews: false, limitUs: atUs });
  const moments: number[] = [];
  for (let at: number | undefined = known.neighbour(what, -1, atUs); at !== undefined && moments.length < count; at = known.neighbour(what, -1, at)) moments.push(at);
  return moments;
}

test('a clicker is faster than the world: the press that comes while time is on its way counts when it has arrived', () => {
  const { connection, answerAll } = world();
  const store = createSessionStore(connection, { recording, playing: false });
  answerAll();
  store.act.scrub(1_000_000_000);
  answerAll();
  const marks = store.getState().marks.map(({ atUs }) => atUs);
  store.act.jumpBack();
  expect(store.getState().phase).toBe('seeking');
  store.act.jumpBack();
  answerAll();
  expect(store.getState()).toMatchObject({ phase: 'ready', playheadUs: marks.at(-2) });
});

describe('stepping back out of what is known', () => {
  test.each([['message', 300_000_000], ['message', 1_640_000_000], ['change', 200_000_000]] as const)('to the %s before %i lands where it happened', (what, atUs) => {
    const { connection, answerAll } = world();
    const store = createSessionStore(connection, { recording, playing: false });
    answerAll();
    store.act.scrub(atUs);
    answerAll();
    expect(store.getState()).toMatchObject({ phase: 'ready', playheadUs: atUs });
    const expected = newsBefore(what, atUs, 4);
    const landed: number[] = [];
    let nowMs = 0;
    while (landed.length < expected.length) {
      store.act.step(what, -1);
      for (let turns = 0; turns < 50; turns += 1) {
        answerAll();
        store.act.tick((nowMs += 100));
      }
      landed.push(store.getState().playheadUs);
    }
    expect(expected.length).toBeGreaterThan(0);
    expect(landed).toEqual(expected);
  });

  test('before everything stays where it is, and says so', () => {
    const { connection, answerAll } = world();
    const store = createSessionStore(connection, { playing: false });
    answerAll();
    store.act.scrub(1);
    answerAll();
    store.act.step('message', -1);
    answerAll();
    expect(store.getState()).toMatchObject({ phase: 'ready', playheadUs: 1 });
    expect(store.getState().notices.at(-1)?.text).toMatch(/no message before/);
  });

  test.each([
    [50_000_000, [], 49_000_000, 46_000_000],
    [50_000_000, [[0, 2_000_000], [10_000_000, 20_000_000]], 19_000_000, 0],
    [15_000_000, [[0, 2_000_000], [10_000_000, 20_000_000]], 14_000_000, 11_000_000],
    [500_000, [], 0, undefined],
  ] as const)('before %i with news in %j one looks from %i, then from %i', (beforeUs, spans, first, second) => {
    const lookBack = lookBackFrom('change', beforeUs, spans);
    expect(lookBack.fromUs).toBe(first);
    expect(lookFurther(lookBack)?.fromUs).toBe(second);
  });
});

describe('a world that does not answer', () => {
  const frame = (more: Partial<Frame>): Frame => ({ type: 'frame', branch: 1, whole: false, fromUs: 0, toUs: 0, complete: true, rows: [], messages: [], log: [], horizonUs: 0, steps: 0, hash: '', ...more });

  function silent() {
    const asked: ToSession[] = [];
    let hear: (answer: FromSession) => void = () => undefined;
    const store = createSessionStore({ send: (request) => asked.push(request), listen: (next) => { hear = next; }, close: () => undefined });
    hear(frame({ whole: true, fromUs: 1_000, toUs: 1_000 }));
    const tick = (fromMs: number, toMs: number): void => { for (let at = fromMs; at < toMs; at += 50) store.act.tick(at); };
    const times = (type: ToSession['type']): number => asked.filter((request) => request.type === type).length;
    return { store, tick, times, hear: (answer: FromSession) => hear(answer) };
  }

  test('is asked again, but not while it is at work', () => {
    const { tick, times, hear } = silent();
    tick(0, 9_000);
    expect(times('know')).toBe(1);
    hear(frame({ fromUs: 1_000, toUs: 2_000, complete: false }));
    tick(9_000, 18_000);
    expect(times('know')).toBe(1);
    tick(18_000, 20_000);
    expect(times('know')).toBe(2);
  });

  test('is asked for the whole where something was lost on the way', () => {
    const { store, tick, times, hear } = silent();
    tick(0, 100);
    hear(frame({ fromUs: 5_000, toUs: 9_000 }));
    expect(times('seek')).toBe(1);
    expect(store.getState().phase).toBe('seeking');
    hear(frame({ whole: true, fromUs: 1_000, toUs: 1_000 }));
    expect(store.getState().phase).toBe('ready');
  });

  test('what comes twice or from another branch is no loss', () => {
    const { tick, times, hear } = silent();
    tick(0, 100);
    hear(frame({ fromUs: 1_000, toUs: 9_000 }));
    hear(frame({ fromUs: 1_000, toUs: 9_000 }));
    hear(frame({ branch: 0, fromUs: 50_000, toUs: 90_000 }));
    expect(times('seek')).toBe(0);
  });
});

test('the log is told a few times a second while time flies, and exactly when it stands', () => {
  const { connection, answerAll } = world();
  const store = createSessionStore(connection, { playing: true });
  answerAll();
  store.act.setSpeed(8);
  store.act.dispatch({ type: 'power-off-node', node: 'worker-1' });
  let told = 0;
  store.subscribe((state, before) => { if (state.logCount !== before.logCount) told += 1; });
  for (let nowMs = 0; nowMs < 12_000; nowMs += 16) {
    store.act.tick(nowMs);
    answerAll();
  }
  expect(told).toBeGreaterThan(3);
  expect(told).toBeLessThan(12_000 / 180 + 1);
  store.act.pause();
  const { log, logCount, playheadUs } = store.getState();
  expect(logCount).toBe(log.filter((line) => line.atUs <= playheadUs).length);
});
