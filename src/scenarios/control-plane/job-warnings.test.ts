import { expect, test } from 'vitest';
import { Bench } from './bench.ts';

const jobs = { group: 'batch', version: 'v1', namespace: 'default', resource: 'jobs' } as const;
const preserved = 'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

test('who deletes Jobs without a word about their Pods is told that these stay', () => {
  const bench = new Bench();
  const names = ['silent', 'background', 'orphan', 'older'];
  for (const name of names) bench.object({ verb: 'create', ...jobs, body: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } } } } });
  const remove = (name: string, body?: object) => bench.ask({ verb: 'delete', ...jobs, name, ...(body === undefined ? {} : { body }) }).warnings;
  expect(remove('silent')).toEqual([preserved]);
  expect(remove('background', { propagationPolicy: 'Background' })).toBeUndefined();
  expect(remove('orphan', { propagationPolicy: 'Orphan' })).toBeUndefined();
  expect(remove('older', { orphanDependents: false })).toBeUndefined();
  expect(bench.ask({ verb: 'deletecollection', ...jobs }).warnings).toEqual([preserved]);
  expect(bench.ask({ verb: 'deletecollection', ...jobs, body: { propagationPolicy: 'Background' } }).warnings).toBeUndefined();
});
