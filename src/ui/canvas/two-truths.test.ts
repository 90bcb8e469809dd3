import { describe, expect, test } from 'vitest';
import type { HostRow, NodeRow, PodRow, TruthRow } from '../../session/port/rows.ts';
import { nodeTruths, twoTruths } from './two-truths.ts';

const pod = (over: Partial<PodRow> = {}): PodRow => ({
  type: 'pod', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web', uid: 'u', resourceVersion: '1', createdAtUs: 0, deleting: false, labels: {},
  node: 'w1', phase: 'Running', status: 'Running', ready: true, ip: '', restarts: 0, ownerUid: '', ownerName: '', cpuMillis: 0, memoryBytes: 0, message: '',
  containers: [{ name: 'nginx', image: 'nginx', init: false, state: 'running', reason: '', ready: true, restarts: 0, backOffUntilUs: 0 }], ...over,
});
const waiting = pod({ phase: 'Pending', status: 'ContainerCreating', containers: [{ ...pod().containers[0]!, state: 'waiting' }] });
const container = (over: Partial<TruthRow['containers'][number]> = {}): TruthRow['containers'][number] => ({ namespace: 'default', pod: 'web', container: 'nginx', running: true, exitCode: 0, ...over });
const exited = container({ running: false, exitCode: 137 });

describe('what etcd believes beside what is so', () => {
  test.each<[string, readonly PodRow[], TruthRow['containers'], boolean, readonly string[]]>([
    ['both say that it runs', [pod()], [container()], true, ['web | Running | running | ']],
    ['it has died and nobody has told yet', [pod()], [exited], true, ['web | Running | exited 137 | etcd: Running · here: exited 137']],
    ['it was never started', [pod()], [], true, ['web | Running | nothing | etcd: Running · here: nothing']],
    ['it is on its way', [waiting], [], true, ['web | ContainerCreating | nothing | ']],
    ['it runs and nobody has told yet', [waiting], [container()], true, ['web | ContainerCreating | running | etcd: ContainerCreating · here: running']],
    ['it ran again after a crash', [pod()], [exited, container()], true, ['web | Running | running | ']],
    ['it shall go and goes on', [pod({ deleting: true, status: 'Terminating' })], [container()], true, ['web | Terminating | running | etcd: Terminating · here: running']],
    ['the node has no power', [pod()], [container()], false, ['web | Running | no power | etcd says Running, the node has no power: nothing runs']],
    ['the node has no power and nobody thinks otherwise', [waiting], [], false, ['web | ContainerCreating | no power | ']],
    ['etcd has forgotten it', [], [container()], true, ['web | no such Pod | running | etcd has forgotten this, still running here']],
    ['what has ended and is forgotten is nobody’s', [], [exited], true, []],
    ['the difference comes first', [pod({ name: 'a' }), pod()], [container({ pod: 'a' }), exited], true, ['web | Running | exited 137 | etcd: Running · here: exited 137', 'a | Running | running | ']],
    ['an init container that has ended is no difference', [pod({ containers: [{ ...pod().containers[0]!, name: 'init', init: true, state: 'terminated' }, ...pod().containers] })], [container({ container: 'init', running: false }), container()], true, ['web | Running | running | ']],
  ])('%s', (_, pods, containers, powered, expected) => {
    expect(twoTruths(pods, { type: 'truth', node: 'w1', containers, used: { cpuMillis: 0, memoryBytes: 0 } }, powered).map(({ name, believed, real, difference }) => `${name} | ${believed} | ${real} | ${difference}`)).toEqual(expected);
  });

  const node = (ready: NodeRow['ready']) => ({ ready }) as NodeRow;
  const host = (powered: boolean, partitioned: boolean) => ({ powered, partitioned }) as HostRow;
  test.each<[NodeRow['ready'], boolean, boolean, boolean, string]>([
    ['True', true, false, true, 'Ready | up | false'],
    ['True', false, false, false, 'Ready | no power | true'],
    ['Unknown', false, false, false, 'Unknown | no power | false'],
    ['Unknown', true, true, true, 'Unknown | up, but cut off | true'],
    ['True', true, false, false, 'Ready | up, its kubelet stopped | true'],
    ['Unknown', true, false, true, 'Unknown | up | true'],
  ])('node %s, powered %s, cut off %s, kubelet %s', (ready, powered, partitioned, agent, expected) => {
    const { believed, real, differ } = nodeTruths(node(ready), host(powered, partitioned), agent);
    expect(`${believed} | ${real} | ${differ}`).toBe(expected);
  });
});
