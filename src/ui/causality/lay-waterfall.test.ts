import { describe, expect, test } from 'vitest';
import { layWaterfall, placeOf, shortest } from './lay-waterfall.ts';
import { span, story } from './test-spans.ts';

describe('the waterfall', () => {
  const fall = layWaterfall(story, 400);

  test('has one lane per component, in the order in which they come into play', () => {
    expect(fall.lanes.map(({ address }) => address)).toEqual(['you', 'outside/kubectl', 'control-plane-1/kube-apiserver', 'worker-1/kubelet']);
    for (const [index, lane] of fall.lanes.entries()) expect(lane.top).toBeGreaterThan(fall.lanes[index - 1]?.top ?? 0);
    expect(fall.height).toBeGreaterThan(fall.lanes.at(-1)!.top);
  });

  test('goes from left to right with time, and folds the ten quiet seconds', () => {
    expect(fall.parts.filter(({ folded }) => folded).map(({ toUs, fromUs }) => toUs - fromUs)).toEqual([10_000_000]);
    const folded = fall.parts.find((part) => part.folded)!;
    expect(folded.width).toBeLessThan(fall.width / 4);
    for (const [index, part] of fall.parts.entries()) expect(part.left).toBeCloseTo(index === 0 ? 0 : fall.parts[index - 1]!.left + fall.parts[index - 1]!.width);
    expect(fall.parts.at(-1)!.left + fall.parts.at(-1)!.width).toBeCloseTo(fall.width - 2 * shortest);
  });

  test('lays what overlaps in one lane below each other, and nothing too small to hit', () => {
    const api = fall.lanes[2]!;
    expect(api.spans.map(({ span: { id }, row }) => [id, row])).toEqual([[12, 0], [13, 1]]);
    for (const lane of fall.lanes) for (const placed of lane.spans) expect(placed.width).toBeGreaterThanOrEqual(shortest);
  });

  test('knows the place of any moment', () => {
    expect(placeOf(fall.parts, 0)).toBe(0);
    expect(placeOf(fall.parts, 99_000_000)).toBeCloseTo(fall.width - 2 * shortest);
    const { left, width, fromUs, toUs } = fall.parts[1]!;
    expect(placeOf(fall.parts, (fromUs + toUs) / 2)).toBeCloseTo(left + width / 2);
  });

  test('grows where there is much to show, and is not broken by a single moment', () => {
    expect(layWaterfall(Array.from({ length: 300 }, (_, id) => span(id, id - 1)), 400).width).toBeGreaterThan(1_000);
    const one = layWaterfall([story[0]!], 400);
    expect(one.parts).toEqual([]);
    expect(one.lanes[0]!.spans[0]).toMatchObject({ left: 0, width: shortest });
  });
});
