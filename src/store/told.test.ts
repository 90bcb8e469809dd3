import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { AppState } from './state.ts';
import { Told } from './told.ts';

const state = { playheadUs: 0, rows: {}, playing: true, speed: 2 } as unknown as AppState;

function watched() {
  const source = createStore<AppState>(() => state);
  const told = new Told(source);
  const heard: number[] = [];
  told.store.subscribe((now) => heard.push(now.playheadUs));
  return { source, told, heard };
}

test('what time alone changes is told some ten times a second, and never later than that', () => {
  const { source, told, heard } = watched();
  for (let frame = 0; frame <= 60; frame += 1) told.pass(frame * 16.7, () => source.setState({ playheadUs: frame + 1 }));
  expect(heard.length).toBeGreaterThan(8);
  expect(heard.length).toBeLessThan(13);
  told.pass(62 * 16.7 + 90, () => undefined);
  expect(heard.at(-1)).toBe(61);
});

test('nothing is told where nothing changed', () => {
  const { told, heard } = watched();
  told.pass(1000, () => undefined);
  expect(heard).toEqual([]);
});

test('what somebody does is told at once, with the time at which it was done', () => {
  const { source, told, heard } = watched();
  told.pass(1000, () => source.setState({ playheadUs: 1 }));
  told.pass(1016, () => source.setState({ playheadUs: 2 }));
  expect(heard).toEqual([1]);
  source.setState({ speed: 4 });
  expect(told.store.getState()).toMatchObject({ playheadUs: 2, speed: 4 });
  source.setState({ playheadUs: 9 });
  expect(heard).toEqual([1, 2, 9]);
});

test('what time changes beside itself is told at once: a pause, a notice', () => {
  const { source, told } = watched();
  told.pass(1000, () => source.setState({ playheadUs: 1 }));
  told.pass(1016, () => source.setState({ playheadUs: 2, playing: false }));
  expect(told.store.getState()).toMatchObject({ playheadUs: 2, playing: false });
});
