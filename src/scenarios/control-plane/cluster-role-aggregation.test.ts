import { beforeEach, expect, test } from 'vitest';
import type { RbacRule, RoleLike } from '../../kubernetes/api/kept-specs.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => { bench = new Bench(1, true); });

const roles = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' } as const;
const rule = (resource: string): RbacRule => ({ apiGroups: ['example.com'], resources: [resource], verbs: ['get'] });
const create = (name: string, { metadata, ...more }: { readonly metadata?: object; readonly [field: string]: unknown }): void => {
  bench.object({ verb: 'create', ...roles, body: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', ...more, metadata: { name, ...metadata } } });
};
const labelled = (label: string, ...resources: readonly string[]): { readonly metadata: object; readonly rules: readonly RbacRule[] } => ({ metadata: { labels: { [label]: 'true' } }, rules: resources.map(rule) });
const get = (name: string): RoleLike => bench.object<RoleLike>({ verb: 'get', ...roles, name });
const own = (name: string): readonly string[] => (get(name).rules ?? []).filter(({ apiGroups }) => apiGroups?.includes('example.com') === true).flatMap(({ resources }) => resources ?? []);
const settle = (): void => bench.run(2);

test('what every cluster has is gathered already: looking at it changes nothing', () => {
  const before = ['view', 'edit', 'admin'].map((name) => get(name).metadata.resourceVersion);
  settle();
  expect(['view', 'edit', 'admin'].map((name) => get(name).metadata.resourceVersion)).toEqual(before);
  expect(bench.notes('aggregation')).toEqual([]);
});

test('a role with the label is gathered into view, and with view into edit and admin', () => {
  create('widgets-view', labelled('rbac.authorization.k8s.io/aggregate-to-view', 'widgets'));
  settle();
  expect([own('view'), own('edit'), own('admin')]).toEqual([['widgets'], ['widgets'], ['widgets']]);
  expect(get('view').metadata.managedFields?.map(({ manager, operation }) => [manager, operation])).toContainEqual(['clusterrole-aggregation-controller', 'Apply']);
  bench.object({ verb: 'delete', ...roles, name: 'widgets-view' });
  settle();
  expect([own('view'), own('edit'), own('admin')]).toEqual([[], [], []]);
});

test('what users gather themselves holds for whoever is bound to it', () => {
  create('monitoring', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.com/monitoring': 'true' } }] }, rules: [rule('overwritten')] });
  create('a-part', labelled('example.com/monitoring', 'widgets', 'gadgets'));
  create('b-part', labelled('example.com/monitoring', 'gadgets', 'gizmos'));
  settle();
  expect(own('monitoring')).toEqual(['widgets', 'gadgets', 'gizmos']);
  const subjects = [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }];
  bench.object({ verb: 'create', ...roles, resource: 'clusterrolebindings', body: { metadata: { name: 'jane' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'monitoring' }, subjects } });
  const may = (resource: string): boolean => bench.object<{ status: { allowed: boolean } }>({
    verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews', body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: { name: '' }, spec: { user: 'jane', resourceAttributes: { group: 'example.com', resource, verb: 'get' } } },
  }).status.allowed;
  bench.run(1);
  expect([may('gizmos'), may('overwritten')]).toEqual([true, false]);
});
