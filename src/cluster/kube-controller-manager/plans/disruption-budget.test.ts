import { expect, test } from 'vitest';
import type { Pod } from '../../../kubernetes/api/index.ts';
import type { Budget } from '../../../kubernetes/api/disruption-budget.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { statusOf } from './disruption-budget.ts';

const nowUs = 600_000_000;
const pod = (name: string, ready = true, more: object = {}): Pod => ({ metadata: { name, ...more }, status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } }) as unknown as Pod;
const budget = (spec: object, disruptedPods?: object): Budget => ({ metadata: { name: 'b', generation: 2 }, spec, ...(disruptedPods && { status: { disruptedPods } }) }) as unknown as Budget;
const three = [pod('a'), pod('b'), pod('c')];
const counts = (one: Budget, pods: readonly Pod[], scale?: number) => {
  const found = statusOf(one, pods, () => scale, nowUs);
  return found === undefined ? undefined : [found.status.currentHealthy, found.status.desiredHealthy, found.status.expectedPods, found.status.disruptionsAllowed];
};

test.each<[string, Budget, readonly Pod[], number | undefined, readonly number[] | undefined]>([
  ['an amount that must stay', budget({ minAvailable: 2 }), three, undefined, [3, 2, 3, 1]],
  ['no Pods yet', budget({ minAvailable: 0 }), [], undefined, [0, 0, 0, 0]],
  ['a share that must stay, rounded up', budget({ minAvailable: '50%' }), three, 3, [3, 2, 3, 1]],
  ['an amount that may go', budget({ maxUnavailable: 1 }), three, 4, [3, 3, 4, 0]],
  ['a share that may go, rounded up', budget({ maxUnavailable: '10%' }), three, 3, [3, 2, 3, 1]],
  ['more than there are may go', budget({ maxUnavailable: 5 }), three, 3, [3, 0, 3, 3]],
  ['controllers that are not known', budget({ maxUnavailable: 1 }), three, undefined, undefined],
  ['one that is not ready, and one that is going', budget({ minAvailable: 1 }), [pod('a'), pod('b', false), pod('c', true, { deletionTimestamp: formatTime(nowUs) })], undefined, [1, 1, 3, 0]],
  ['one that was let go a minute ago', budget({ minAvailable: 1 }, { a: formatTime(nowUs - 60_000_000) }), three, undefined, [2, 1, 3, 1]],
  ['one that was let go and never went', budget({ minAvailable: 1 }, { a: formatTime(nowUs - 180_000_000) }), three, undefined, [3, 1, 3, 2]],
])('%s', (_what, one, pods, scale, wanted) => expect(counts(one, pods, scale)).toEqual(wanted));

test('what was let go is looked at again when its time is up', () => {
  const { status, recheckUs } = statusOf(budget({ minAvailable: 1 }, { a: formatTime(nowUs - 60_000_000), gone: formatTime(nowUs) }), three, () => 3, nowUs)!;
  expect([status.disruptedPods, recheckUs, status.observedGeneration]).toEqual([{ a: formatTime(nowUs - 60_000_000) }, 60_000_000, 2]);
  expect(status.conditions).toMatchObject([{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', observedGeneration: 2 }]);
});
