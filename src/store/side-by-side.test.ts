import { expect, test } from 'vitest';
import type { FromSession, Recording, ToSession } from '../session/port/protocol.ts';
import { createSession } from '../session/session.ts';
import { differencesOf } from './differences.ts';
import { currentFuture, futureName, partsAt } from './futures.ts';
import { createSessionStore, newRecording } from './session-store.ts';
import type { SessionStore } from './session-store.ts';

/** A page's session with a world at the other end, which answers when it is its turn. */
function open(recording: Recording, playheadUs?: number): { readonly store: SessionStore; readonly asked: ToSession[]; readonly answer: () => void } {
  const [asked, waiting, answers]: [ToSession[], ToSession[], FromSession[]] = [[], [], []];
  const session = createSession({ emit: (message) => answers.push(message), readManifests: () => { throw new Error('no manifests here'); } });
  let hear: (message: FromSession) => void = () => undefined;
  const store = createSessionStore({ send: (request) => { asked.push(request); waiting.push(request); }, listen: (next) => { hear = next; }, close: () => undefined }, { recording, playing: false, ...(playheadUs !== undefined && { playheadUs }) });
  const answer = (): void => {
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      session.receive(request);
      for (let message = answers.shift(); message !== undefined; message = answers.shift()) hear(message);
    }
  };
  answer();
  return { store, asked, answer };
}

let nowMs = 0;
function pass(ticks: number, ...worlds: readonly { readonly answer: () => void }[]): void {
  for (let tick = 0; tick < ticks; tick += 1) {
    for (const { answer } of worlds) answer();
    first.store.act.tick((nowMs += 50));
  }
}
let first: ReturnType<typeof open>;

test('two futures run by one clock: alike up to where they part, and not after; the one left is found again', () => {
  first = open(newRecording());
  const { store } = first;
  store.act.scrub(20_000_000);
  pass(3, first);
  store.act.fork();
  expect(store.getState().futures.all).toHaveLength(2);
  store.act.dispatch({ type: 'power-off-node', node: 'worker-1' });
  pass(3, first);
  expect(futureName(currentFuture(store.getState().futures))).toBe('kill worker-1');

  const [left] = store.getState().futures.all;
  expect(partsAt(store.getState().recording, left!.recording)).toBe(20_000_000);
  const second = open(left!.recording, 20_000_000);
  store.act.lead(second.store);
  const compare = (atUs: number) => {
    store.act.scrub(atUs);
    pass(6, first, second);
    expect([store.getState().phase, store.getState().playheadUs, second.store.getState().phase, second.store.getState().playheadUs]).toEqual(['ready', atUs, 'ready', atUs]);
    return differencesOf(store.getState().rows, second.store.getState().rows, atUs).map(({ what }) => what);
  };
  for (const atUs of [1_000_000, 9_000_000, 19_999_999]) expect(compare(atUs)).toEqual([]);
  expect(Object.keys(store.getState().rows).length).toBeGreaterThan(5);
  expect(compare(20_000_001)).toContain('machine worker-1');
  expect(compare(90_000_000)).toContain('Node worker-1');
  expect(compare(19_000_000)).toEqual([]);

  // Played, the clock never leaves either of them behind.
  store.act.setSpeed('real time');
  store.act.play();
  for (let tick = 0; tick < 100; tick += 1) {
    pass(1, first, ...(tick % 7 === 0 ? [second] : []));
    expect(second.store.getState().playheadUs).toBe(store.getState().playheadUs);
  }
  expect(store.getState().playheadUs).toBeGreaterThan(20_000_000);

  store.act.lead(null);
  store.act.pause();
  store.act.switchTo(left!.id);
  pass(4, first);
  expect(store.getState().recording.commands).toEqual([]);
  expect(store.getState().rows['host/worker-1']).toMatchObject({ powered: true });
  expect(store.getState().futures.all.map(futureName)).toEqual(['the first future', 'kill worker-1']);
});

test('while a loop is whole it repeats, and nothing beyond it is asked for', () => {
  first = open(newRecording());
  const { store, asked } = first;
  store.act.scrub(20_000_000);
  pass(3, first);
  store.act.setLoop({ fromUs: 20_000_000, toUs: 20_500_000 });
  store.act.setSpeed('real time');
  asked.length = 0;
  store.act.play();
  const moments: number[] = [];
  for (let tick = 0; tick < 60; tick += 1) {
    pass(1, first);
    moments.push(store.getState().playheadUs);
  }
  expect(Math.min(...moments)).toBeGreaterThanOrEqual(20_000_000);
  expect(Math.max(...moments)).toBeLessThanOrEqual(20_500_000);
  expect(moments.filter((at, index) => index > 0 && at < moments[index - 1]!).length).toBeGreaterThan(2);
  expect(asked.map((request) => (request.type === 'know' ? request.limitUs : 0)).filter((limitUs) => limitUs > 20_500_000)).toEqual([]);
  store.act.setLoop(null);
  pass(40, first);
  expect(store.getState().playheadUs).toBeGreaterThan(20_500_000);
});

test('what can not be opened changes nothing', async () => {
  first = open(newRecording());
  const { store } = first;
  const before = store.getState();
  const opened = store.act.openChecked({ ...newRecording(), topology: 'nine-moons' });
  pass(3, first);
  expect(await opened).toBe(false);
  const { notices, ...after } = store.getState();
  expect(notices.at(-1)?.text).toMatch(/nothing was changed\. no topology is called nine-moons/);
  expect({ ...after, knownUs: 0, horizonUs: 0 }).toMatchObject({ recording: before.recording, branch: before.branch, playheadUs: before.playheadUs, futures: before.futures, phase: 'ready' });
  store.act.play();
  pass(20, first);
  expect(store.getState().playheadUs).toBeGreaterThan(before.playheadUs);
});
