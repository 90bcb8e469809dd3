import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { applyStrategicMergePatch } from '../apimachinery/strategic-merge-patch.ts';
import '../kept-kinds.ts';
import decodeCases from './decode-cases.json' with { type: 'json' };
import { replaced } from './merge-keys.ts';
import { decodeStrict, fieldAt, findServedKind, gvkTable, kindStanding, mergeKeys, notActedOn, otherKinds, patchMetaOfKind, retainKeys, schemaOfKind, typeSchema } from './index.ts';

describe('strict decoding', () => {
  // decode-cases.json holds bodies and what the decoder of k8s.io/client-go v0.36.0 said of them.
  const cases = decodeCases as unknown as [{ apiVersion: string; kind: string }, string][];
  test.each(cases.map(([body, words]) => [JSON.stringify(body).slice(0, 160), words, body] as const))('%s: %s', (_shown, words, body) => {
    const { message, errors } = decodeStrict(body, body);
    const version = body.apiVersion.split('/').pop();
    expect(message).toBe(words === '' ? undefined : `${body.kind} in version "${version}" cannot be handled as a ${body.kind}: ${words}`);
    expect(errors.length > 0).toBe(words !== '');
  });

  const web = (container: object): object => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec: { containers: [{ name: 'a' }, container] } } } });
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };

  test('errors carry the path with list positions and map keys', () => {
    expect(decodeStrict(web({ imagee: 'x', ports: [{ containerport: 1 }] }), deployment).errors.map(({ path }) => path.join('/'))).toEqual([
      'spec/template/spec/containers/1/imagee', 'spec/template/spec/containers/1/ports/0/containerport']);
    expect(decodeStrict(web({ resources: { limits: { cpu: 'lots' } } }), deployment).errors).toEqual([expect.objectContaining({
      kind: 'value', path: ['spec', 'template', 'spec', 'containers', 1, 'resources', 'limits', 'cpu'] })]);
  });

  test('unknown fields warn under Warn and pass under Ignore; wrong types fail under all', () => {
    const warned = decodeStrict(web({ imagee: 'x' }), deployment, 'Warn');
    expect([warned.message, warned.warnings.map(({ message }) => message)]).toEqual([undefined, ['unknown field "spec.template.spec.containers[1].imagee"']]);
    expect(decodeStrict(web({ imagee: 'x' }), deployment, 'Ignore')).toEqual({ errors: [], warnings: [], message: undefined });
    expect(decodeStrict(web({ image: 5 }), deployment, 'Ignore').message).toContain('cannot unmarshal number');
  });

  test('names from Object.prototype are unknown fields too', () => {
    expect(decodeStrict({ constructor: {}, toString: 1 }, deployment).message).toContain('unknown field "constructor", unknown field "toString"');
  });

  test('a kind outside the table is accepted as it is', () => {
    expect(decodeStrict({ anything: 1 }, { apiVersion: 'example.com/v1', kind: 'Job' }).message).toBeUndefined();
  });
});

describe('the table', () => {
  test('every served kind, its list, and the kinds of its subresources are in it', () => {
    expect(gvkTable.filter(({ apiVersion, kind }) => schemaOfKind(apiVersion, kind)?.fields.has('metadata') !== true)).toEqual([]);
    expect(gvkTable.filter(({ apiVersion, kind }) => fieldAt(apiVersion, `${kind}List`, ['items', 0])?.kind !== 'struct')).toEqual([]);
    const others = [
      ['v1', 'Binding'], ['v1', 'Endpoints'], ['policy/v1', 'Eviction'], ['autoscaling/v1', 'Scale'], ['authentication.k8s.io/v1', 'TokenRequest'], ['v1', 'Status'],
      ['events.k8s.io/v1', 'Event'],
    ] as const;
    expect(others.filter(([apiVersion, kind]) => schemaOfKind(apiVersion, kind) === undefined)).toEqual([]);
  });

  test('fields have their types', () => {
    const at = (path: (string | number)[]): unknown => fieldAt('v1', 'Pod', ['spec', 'containers', 0, ...path]);
    expect(at(['resources', 'limits', 'cpu'])).toEqual({ kind: 'primitive', letter: 'q' });
    expect(at(['livenessProbe', 'httpGet', 'port'])).toEqual({ kind: 'primitive', letter: 'x' });
    expect(at(['nothing'])).toBeUndefined();
    expect(typeSchema('Container')?.fields.get('name')?.required).toBe(true);
    expect(typeSchema('Container')?.fields.get('image')?.required).toBe(false);
    expect(typeSchema('events.Event')?.fields.has('note')).toBe(true);
    expect(typeSchema('Event')?.fields.has('note')).toBe(false);
  });
});

describe('kinds', () => {
  test.each(['po', 'pods', 'Pod', 'pod'])('%s is Pod', (name) => expect(findServedKind(name)?.kind).toBe('Pod'));
  test.each([['deploy', 'Deployment'], ['deployments.apps', 'Deployment'], ['deployment.v1.apps', 'Deployment'], ['svc', 'Service']])('%s is %s', (name, kind) => {
    expect(findServedKind(name)?.kind).toBe(kind);
  });
  test('none that does not exist', () => expect(findServedKind('deployments.batch')).toBeUndefined());
  test('standing', () => {
    expect(kindStanding('apps/v1', 'Deployment')).toBe('acted-on');
    expect(kindStanding('networking.k8s.io/v1', 'Ingress')).toBe('kept');
    expect(kindStanding('authentication.k8s.io/v1', 'TokenReview')).toBe('not-modelled');
    expect(kindStanding('extensions/v1beta1', 'Deployment')).toBe('unknown');
    expect(kindStanding('v1', 'Deployment')).toBe('unknown');
    expect(otherKinds).toContainEqual({ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' });
    expect(otherKinds).not.toContainEqual({ apiVersion: 'apps/v1', kind: 'StatefulSet' });
    expect(otherKinds).not.toContainEqual({ apiVersion: 'v1', kind: 'Pod' });
  });
});

describe('merge keys', () => {
  test('name fields of the table', () => {
    const named = Object.entries(mergeKeys).flatMap(([type, fields]) => Object.keys(fields).map((field) => [type, field] as const));
    expect(named.filter(([type, field]) => typeSchema(type)?.fields.has(field) !== true)).toEqual([]);
  });

  test('are found along a path and merge by it', () => {
    const metaOf = patchMetaOfKind('apps/v1', 'Deployment');
    expect(metaOf('spec.template.spec.containers')).toEqual({ strategies: ['merge'], mergeKey: 'name' });
    expect(metaOf('spec.template.spec.volumes')).toEqual({ strategies: ['merge', 'retainKeys'], mergeKey: 'name' });
    expect(metaOf('spec.strategy')).toEqual({ strategies: ['retainKeys'] });
    expect(metaOf('metadata.finalizers')).toEqual({ strategies: ['merge'] });
    expect(metaOf('spec.template.spec.tolerations')).toBeUndefined();
    expect(patchMetaOfKind('policy/v1', 'PodDisruptionBudget')('spec.selector')).toEqual({ strategies: ['replace'] });
    const of = (containers: object[]): object => ({ spec: { template: { spec: { containers } } } });
    expect(applyStrategicMergePatch(of([{ name: 'a', image: '1' }, { name: 'b' }]), of([{ name: 'a', image: '2' }]), metaOf)).toEqual(of([{ name: 'a', image: '2' }, { name: 'b' }]));
  });

  const metadata = fileURLToPath(new URL('../../../../shared/openapi/merge-metadata-1.35.json', import.meta.url));
  test.skipIf(!existsSync(metadata))('agree with Kubernetes’ own OpenAPI document (skipped where ../shared is absent)', () => {
    const rows = JSON.parse(readFileSync(metadata, 'utf8')) as { type: string; field?: string; 'patch-strategy'?: string; 'patch-merge-key'?: string }[];
    let compared = 0;
    for (const row of rows) {
      const name = row.type.split('.').pop() ?? '';
      const group = /\.v[12]\.\w+$/.test(row.type) && !row.type.includes('.autoscaling.v2.');
      if (!group || row.field === undefined || row['patch-strategy'] === undefined || typeSchema(name)?.fields.has(row.field) !== true) continue;
      const strategies = row['patch-strategy'].split(',');
      expect([name, row.field, mergeKeys[name]?.[row.field], retainKeys.has(`${name}.${row.field}`)]).toEqual([
        name, row.field, strategies.includes('merge') ? row['patch-merge-key'] ?? '' : undefined, strategies.includes('retainKeys')]);
      expect([name, row.field, replaced.has(`${name}.${row.field}`)]).toEqual([name, row.field, strategies.includes('replace')]);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(50);
  });
});

describe('fields that nothing acts on', () => {
  const paths = (object: object): string[] => notActedOn(object).map(({ path }) => path);
  const podSpec = {
    containers: [{
      name: 'a', image: 'nginx', imagePullPolicy: 'Always', command: ['x'], args: ['y'], env: [{ name: 'A', value: 'b' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'x' } } }],
      ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }], resources: { requests: { cpu: '1' }, limits: { memory: '1Gi', 'nvidia.com/gpu': '1' } },
      livenessProbe: { httpGet: { port: 80 } }, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File',
      volumeMounts: [{ name: 'kube-api-access-x2x', mountPath: '/var' }],
    }],
    initContainers: [{ name: 'i', image: 'i', restartPolicy: 'Always' }],
    restartPolicy: 'Always', terminationGracePeriodSeconds: 30, nodeSelector: { a: 'b' }, affinity: { nodeAffinity: { x: 1 }, podAffinity: { y: 1 } },
    tolerations: [{ key: 'a' }], serviceAccountName: 'default', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', securityContext: {},
    volumes: [{ name: 'data', emptyDir: {} }], priorityClassName: 'high', enableServiceLinks: false, hostPID: false,
  };
  const expected = [
    'spec.containers[0].env[1].valueFrom', 'spec.containers[0].resources.limits.nvidia.com/gpu', 'spec.containers[0].livenessProbe', 'spec.initContainers[0].restartPolicy',
    'spec.affinity.podAffinity', 'spec.volumes', 'spec.priorityClassName', 'spec.enableServiceLinks',
  ];

  test('of a Pod, and of a Deployment’s template', () => {
    expect(paths({ kind: 'Pod', metadata: { labels: { a: 'b' } }, spec: podSpec, status: { phase: 'Running' } })).toEqual(expected);
    expect(paths({ kind: 'Deployment', spec: { replicas: 1, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }, template: { spec: podSpec } } })).toEqual(
      expected.map((path) => `spec.template.${path}`));
  });

  test('of a Service', () => {
    expect(paths({ kind: 'Service', spec: { type: 'NodePort', selector: { a: 'b' }, sessionAffinity: 'None', ipFamilies: ['IPv4'], clusterIP: 'None', ports: [{ port: 80, nodePort: 30000 }] } })).toEqual([]);
    expect(paths({ kind: 'Service', spec: { type: 'LoadBalancer', sessionAffinity: 'ClientIP', externalIPs: ['1.2.3.4'] } })).toEqual(['spec.type', 'spec.sessionAffinity', 'spec.externalIPs']);
  });

  test('of a kind that nothing acts on, everything', () => {
    expect(paths({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'x' }, spec: { defaultBackend: {}, ingressClassName: 'y' }, status: {} })).toEqual(['spec']);
    expect(paths({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'x' }, spec: { controller: 'y' } })).toEqual(['spec']);
  });

  test('of what is text for others, nothing', () => {
    expect(paths({ kind: 'ConfigMap', data: { a: 'b' }, immutable: true })).toEqual([]);
    expect(notActedOn(undefined)).toEqual([]);
  });
});
