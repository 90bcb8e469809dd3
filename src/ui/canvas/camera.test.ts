import { expect, test } from 'vitest';
import { boxOf, cameraOf, viewOn, viewportOf, wholeStage } from './camera.ts';
import type { StageLayout } from './layout.ts';
import type { Box } from './stage-plan.ts';

const box = (x: number, y: number, width = 100, height = 60): Box => ({ x, y, width, height });
const layout = {
  width: 1000, height: 600, zoom: 1, strip: box(0, 560, 1000, 40), pods: new Map([['object/Pod/default/web', { box: box(700, 400), size: 'card' }]]),
  boxes: new Map([['host/w1', box(600, 300, 300, 200)], ['cp/etcd', box(900, 0)]]),
} as unknown as StageLayout;
const window = { width: 1000, height: 600 };

test('the whole stage is seen in the middle', () => expect(wholeStage({ layout, width: 1200, height: 600 })).toEqual({ x: 100, y: 0, zoom: 1 }));

test('another window of the same size shows the same', () => {
  const [viewport, room] = [{ x: -120, y: -40, zoom: 1.5 }, { layout, ...window }];
  expect(viewportOf(cameraOf(viewport, room), room)).toEqual(viewport);
});

test.each([
  ['in the middle of the stage', box(450, 270), 2, { x: -500, y: -300, zoom: 2 }],
  ['in a corner: not beyond the edge', box(900, 540), 2, { x: -1000, y: -600, zoom: 2 }],
  ['at the beginning', box(0, 0), 2, { x: 0, y: 0, zoom: 2 }],
  ['too large to come near', box(0, 0, 1000, 40), 2, { x: 0, y: 0, zoom: 1 }],
  ['not so near', box(450, 270), 1.5, { x: -250, y: -150, zoom: 1.5 }],
])('a thing %s', (_, at, near, expected) => expect(viewOn(at, layout, window, near)).toEqual(expected));

test.each([
  ['object/Pod/default/web', 700], ['object/Node//w1', 600], ['component/cp/etcd', 900], ['object/Pod/default/under-the-lens', 600], ['object/Pod/default/gone', undefined],
])('%s is found', (key, x) => expect(boxOf(layout, { 'object/Pod/default/under-the-lens': { type: 'pod', node: 'w1' } as never }, key)?.x).toBe(x));
