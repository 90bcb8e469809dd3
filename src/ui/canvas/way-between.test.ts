import { expect, test } from 'vitest';
import type { Pipe } from './stage-plan.ts';
import { wayBetween } from './way-between.ts';

const pipe = (from: string, to: string, ...xs: readonly number[]): Pipe => ({ id: `${from}|${to}`, from, to, local: false, points: xs.map((x) => ({ x, y: 0 })) });
const ways = new Map([pipe('w1/kubelet', 'c/api', 10, 0), pipe('w2/kubelet', 'c/api', 50, 0), pipe('w2/kubelet', 'w2/containerd', 50, 60), pipe('c/api', 'c/etcd', 0, -5)].map((one) => [one.id, one]));

test.each([
  ['a pipe of its own', 'c/api', 'w1/kubelet', [10, 0]],
  ['over who stands beside it', 'c/api', 'w2/containerd', [0, 50, 50, 60]],
  ['and back', 'w2/containerd', 'c/api', [60, 50, 50, 0]],
  ['as far as its machine', 'c/api', 'w1/containerd', [0, 10]],
  ['nowhere', 'c/api', 'w3/kubelet', undefined],
])('%s', (_, from, to, xs) => expect(wayBetween(ways, from, to)?.points.map(({ x }) => x)).toEqual(xs));
