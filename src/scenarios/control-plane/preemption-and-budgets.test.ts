import { expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import type { KubeObject, Node } from '../../kubernetes/api/index.ts';
import type { ObjectList } from '../../kubernetes/protocols/api.ts';
import { topology } from '../topologies/index.ts';
import { Bench } from './bench.ts';

const core = { group: '', version: 'v1', namespace: 'default' } as const;

test('who is to go first goes only where no budget keeps them', () => {
  const bench = new Bench(1, false, topology('three-nodes'));
  const nodes = bench.object<ObjectList>({ verb: 'list', ...core, namespace: undefined, resource: 'nodes' }).items as readonly Node[];
  const workers = nodes.filter(({ spec }) => (spec.taints ?? []).length === 0);
  const [kept, other, third] = workers.map(({ metadata }) => metadata.name);
  for (const [name, value] of [['least', 1], ['middle', 2], ['most', 10]] as const) bench.object({ verb: 'create', group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses', body: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value } });
  // More than half of what a node has: two of them never fit together.
  const cpu = `${Number(workers[0]!.status!.allocatable!['cpu']) * 600}m`;
  const pod = (name: string, priorityClassName: string, spec: object = {}) => ({
    verb: 'create', ...core, resource: 'pods', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec: { priorityClassName, terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu } } }], ...spec } },
  }) as const;
  const at = (node: string | undefined) => ({ nodeSelector: { 'kubernetes.io/hostname': node } });
  bench.object({ verb: 'create', group: 'policy', version: 'v1', namespace: 'default', resource: 'poddisruptionbudgets', body: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'kept' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'kept' } } } } });
  bench.object(pod('kept', 'least', at(kept)));
  bench.object(pod('other', 'middle', at(other)));
  bench.object(pod('third', 'most', at(third)));
  bench.run(20);
  const budgetsRead = () => bench.world.recordsBetween(0).filter((record) => record.what === 'message' && record.from.endsWith('/kube-scheduler') && (record.body as { readonly resource?: string } | undefined)?.resource === 'poddisruptionbudgets').map((record) => (record as { readonly type: string }).type);
  expect(budgetsRead()).toEqual([]);
  bench.object(pod('urgent', 'most'));
  bench.run(20);
  const there = bench.object<ObjectList>({ verb: 'list', ...core, resource: 'pods' }).items as readonly (KubeObject & { readonly spec: { readonly nodeName?: string } })[];
  expect(there.map(({ metadata, spec }) => `${metadata.name} ${spec.nodeName}`)).toEqual([`kept ${kept}`, `third ${third}`, `urgent ${other}`]);
  expect(budgetsRead()).toEqual(['api.list', 'api.watch']);
});
