import { expect, test } from 'vitest';
import { programs } from '../../cluster/registry.ts';
import { highlyAvailable, worldSpec } from '../../scenarios/topologies/index.ts';
import { World } from '../../simulation/world.ts';
import { sentence, storyLine } from './story.ts';

const world = new World(worldSpec(highlyAvailable, 1), programs);
world.runUntil(6_000_000);
world.dispatch({ type: 'tell', to: 'outside/kubectl', event: 'kubectl.cordon', body: { id: 'one', nodes: ['worker-1'] } });
world.runUntil(7_000_000);
const records = world.recordsBetween(0);
const told = records.flatMap((record) => storyLine(record, (id) => world.record(id))?.text ?? []);

test('what goes by the load balancer is told once, and its second leg when asked for', () => {
  expect(told.filter((text) => /^(kubectl|load-balancer) pa/.test(text))).toEqual(['kubectl patches nodes worker-1']);
  const legs = records.filter((record) => record.what === 'message' && record.type === 'api.patch' && record.from === 'cluster-endpoint/load-balancer');
  expect(legs.map(sentence)).toContainEqual(expect.stringMatching(/^load-balancer passes on PATCH …\/nodes\/worker-1 between its client and kube-apiserver on control-plane-\d$/));
});

test('what etcd members say among themselves is no story', () => expect(told.filter((text) => text.startsWith('etcd asks'))).toEqual([]));
