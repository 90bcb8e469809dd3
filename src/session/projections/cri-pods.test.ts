import { expect, test } from 'vitest';
import { second, SmallWorld } from '../testing/small-world.ts';

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec:\n  containers:\n  - {name: web, image: "nginx:1.27"}\n  - {name: side, image: busybox, command: [sleep, "3600"]}\n';

test('calls of the runtime name their Pod, from its first sandbox to its removal, and polls name none', () => {
  const world = new SmallWorld();
  world.apply(pod);
  world.do({ type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'alone' });
  world.pass(60 * second);
  const labels = [...world.messages.values()].filter(({ kind, to }) => kind === 'cri' && to.endsWith('/containerd')).map(({ label }) => label);
  const named = (method: string) => labels.filter((label) => label === `${method} pod/alone`).length;
  expect(['RunPodSandbox', 'PullImage', 'CreateContainer', 'StartContainer', 'StopContainer', 'StopPodSandbox'].map((method) => `${method} ${named(method)}`))
    .toEqual(['RunPodSandbox 1', 'PullImage 2', 'CreateContainer 2', 'StartContainer 2', 'StopContainer 2', 'StopPodSandbox 1']);
  expect(labels.filter((label) => /^(ListPodSandbox|Status)/.test(label) && label.includes('pod/'))).toEqual([]);
  expect(labels.some((label) => label === 'ListPodSandbox')).toBe(true);
});
