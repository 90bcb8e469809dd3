import { expect, test } from 'vitest';
import { menuPlace } from './menu-keys.ts';

const names = ['Start over', 'New session', 'Save', 'Open…'];

test.each([
  ['ArrowDown', 0, 1], ['ArrowDown', 3, 0], ['ArrowDown', -1, 0],
  ['ArrowUp', 1, 0], ['ArrowUp', 0, 3], ['ArrowUp', -1, 3],
  ['Home', 2, 0], ['End', 0, 3],
  ['s', 0, 2], ['s', 2, 0], ['S', 1, 2], ['n', 1, 1], ['x', 0, undefined],
  [' ', 0, undefined], ['Enter', 0, undefined], ['Escape', 0, undefined],
] as const)('%s at item %i leads to %s', (key, at, to) => {
  expect(menuPlace(key, at, names)).toBe(to);
});
