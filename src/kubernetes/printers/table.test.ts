import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/index.ts';
import { tableOf } from './table.ts';

const row = (resource: string, object: object): readonly unknown[] =>
  tableOf(resource, [{ metadata: { name: 'web', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' }, ...object } as KubeObject], 60_000_000, {}).rows[0]!.cells;

describe('a row of a table, wide columns last', () => {
  const template = { spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }];
  const scaled = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 1, maxReplicas: 3 };
  test.each<[string, object, readonly (string | number)[]]>([
    ['jobs', { spec: { completions: 3, template } }, ['web', 'Running', '0/3', '', '60s', 'c', 'nginx', '<none>']],
    ['cronjobs', { spec: { schedule: '@daily', suspend: false, jobTemplate: { spec: { template } } } }, ['web', '@daily', '<none>', 'False', 0, '<none>', '60s', 'c', 'nginx', '<none>']],
    ['statefulsets', { spec: { replicas: 2, template }, status: { readyReplicas: 1 } }, ['web', '1/2', '60s', 'c', 'nginx']],
    ['horizontalpodautoscalers', { apiVersion: 'autoscaling/v2', spec: { ...scaled, metrics } }, ['web', 'Deployment/web', 'cpu: <unknown>/50%', '1', 3, 0, '60s']],
    ['horizontalpodautoscalers', { apiVersion: 'autoscaling/v1', spec: { ...scaled, targetCPUUtilizationPercentage: 50 } }, ['web', 'Deployment/web', 'cpu: <unknown>/50%', '1', 3, 0, '60s']],
    ['ingresses', { spec: { rules: [{ host: 'a.example.com' }] } }, ['web', '<none>', 'a.example.com', '', '80', '60s']],
    ['persistentvolumeclaims', { spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } }, ['web', 'Pending', '', '', '', '', '<unset>', '60s', 'Filesystem']],
    ['poddisruptionbudgets', { spec: { minAvailable: '50%' } }, ['web', '50%', 'N/A', 0, '60s']],
    ['rolebindings', { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'jane' }] }, ['web', 'Role/r', '60s', 'jane', '', '']],
    ['certificatesigningrequests', { spec: { signerName: 'a/b', username: 'jane' }, status: { conditions: [{ type: 'Approved' }], certificate: 'YQ==' } }, ['web', '60s', 'a/b', 'jane', '<none>', 'Approved,Issued']],
    ['storageclasses', { provisioner: 'a/b', metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } }, ['fast (default)', 'a/b', 'Delete', 'Immediate', 'false', '<unknown>']],
  ])('of %s', (resource, object, expected) => expect(row(resource, object)).toEqual(expected));
  test('of an Event is the same in both groups', () => {
    const common = { type: 'Normal', reason: 'Seen', eventTime: '2026-01-01T00:00:30.000000Z', reportingInstance: 'w' };
    const core = row('events', { apiVersion: 'v1', ...common, involvedObject: { kind: 'Pod', name: 'web' }, message: 'there', reportingComponent: 'c' });
    expect(core.slice(0, 4)).toEqual(['30s', 'Normal', 'Seen', 'pod/web']);
    expect(row('events', { apiVersion: 'events.k8s.io/v1', ...common, regarding: { kind: 'Pod', name: 'web' }, note: 'there', reportingController: 'c' })).toEqual(core);
  });
});
