import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '../../kubernetes/api/index.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });
const make = (apiVersion: string, resource: string, kind: string, name: string, body: object, metadata: object = {}, namespace?: string) => {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { verb: 'create', group, version, resource, ...(namespace === undefined ? {} : { namespace }), body: { apiVersion, kind, metadata: { name, ...metadata }, ...body } } as const;
};
const claim = (name: string, spec: object = {}) => make('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', name, { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } }, {}, 'default');
const storageClass = (name: string, isDefault: boolean, more: object = {}) => make('storage.k8s.io/v1', 'storageclasses', 'StorageClass', name, { provisioner: 'example.com/disk', ...more }, isDefault ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {});
const spec = (object: unknown) => (object as { readonly spec: Readonly<Record<string, unknown>> }).spec;

test('a claim without a class gets the newest default', () => {
  expect(spec(bench.object(claim('none')))['storageClassName']).toBeUndefined();
  bench.object(storageClass('old', true));
  bench.run(2);
  bench.object(storageClass('new', true));
  bench.object(storageClass('other', false));
  expect(spec(bench.object(claim('web')))['storageClassName']).toBe('new');
  expect(spec(bench.object(claim('own', { storageClassName: 'other' })))['storageClassName']).toBe('other');
  expect(spec(bench.object(claim('static', { storageClassName: '' })))['storageClassName']).toBe('');
});

test('a claim grows only where its class lets it', () => {
  bench.object(storageClass('fixed', false));
  bench.object(storageClass('elastic', false, { allowVolumeExpansion: true }));
  const at = (name: string) => ({ group: '', version: 'v1', namespace: 'default', resource: 'persistentvolumeclaims', name, patchType: 'application/merge-patch+json' }) as const;
  const grow = (name: string) => ({ verb: 'patch', ...at(name), body: { spec: { resources: { requests: { storage: '2Gi' } } } } }) as const;
  for (const name of ['fixed', 'elastic']) bench.object(claim(name, { storageClassName: name }));
  for (const name of ['fixed', 'elastic']) bench.object({ verb: 'patch', ...at(name), subresource: 'status', body: { status: { phase: 'Bound' } } });
  expect(bench.refusal(grow('fixed'))).toBe('403 persistentvolumeclaims "fixed" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
  expect(spec(bench.object(grow('elastic')))['resources']).toEqual({ requests: { storage: '2Gi' } });
});

test('an Ingress without a class gets the default one', () => {
  const ingress = (name: string, more: object = {}, metadata: object = {}) => make('networking.k8s.io/v1', 'ingresses', 'Ingress', name, { spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...more } }, metadata, 'default');
  bench.object(make('networking.k8s.io/v1', 'ingressclasses', 'IngressClass', 'edge', { spec: { controller: 'example.com/edge' } }, { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } }));
  expect(spec(bench.object(ingress('web')))['ingressClassName']).toBe('edge');
  expect(spec(bench.object(ingress('own', { ingressClassName: 'other' })))['ingressClassName']).toBe('other');
  expect(spec(bench.object(ingress('annotated', {}, { annotations: { 'kubernetes.io/ingress.class': 'nginx' } })))['ingressClassName']).toBeUndefined();
});

test('a class of runtimes says what a Pod costs and where it runs', () => {
  bench.object(make('v1', 'serviceaccounts', 'ServiceAccount', 'default', {}, {}, 'default'));
  bench.object(make('node.k8s.io/v1', 'runtimeclasses', 'RuntimeClass', 'sandbox', { handler: 'sandbox', overhead: { podFixed: { cpu: '250m' } }, scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] } }));
  const pod = (name: string, more: object) => make('v1', 'pods', 'Pod', name, { spec: { containers: [{ name: 'c', image: 'nginx' }], ...more } }, {}, 'default');
  const made = bench.object<Pod>(pod('web', { runtimeClassName: 'sandbox', nodeSelector: { disk: 'ssd' } }));
  expect(made.spec).toMatchObject({ overhead: { cpu: '250m' }, nodeSelector: { disk: 'ssd', sandbox: 'yes' } });
  expect(made.spec.tolerations).toContainEqual({ key: 'sandbox', operator: 'Exists' });
  expect(bench.refusal(pod('lost', { runtimeClassName: 'none' }))).toBe('403 pods "lost" is forbidden: pod rejected: RuntimeClass "none" not found');
  expect(bench.refusal(pod('odd', { runtimeClassName: 'sandbox', overhead: { cpu: '1' } }))).toBe('403 pods "odd" is forbidden: pod rejected: Pod\'s Overhead doesn\'t match RuntimeClass\'s defined Overhead');
  expect(bench.refusal(pod('free', { overhead: { cpu: '1' } }))).toBe('403 pods "free" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  expect(bench.refusal(pod('else', { runtimeClassName: 'sandbox', nodeSelector: { sandbox: 'no' } }))).toBe('403 pods "else" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no');
});

test('Pods without a class of priority get the one that is the default of all, and there is only one', () => {
  bench.object(make('v1', 'serviceaccounts', 'ServiceAccount', 'default', {}, {}, 'default'));
  const pod = (name: string, more: object = {}) => make('v1', 'pods', 'Pod', name, { spec: { containers: [{ name: 'c', image: 'nginx' }], ...more } }, {}, 'default');
  const given = (name: string, more: object = {}) => {
    const { priorityClassName, priority, preemptionPolicy } = bench.object<Pod>(pod(name, more)).spec;
    return { priorityClassName, priority, preemptionPolicy };
  };
  const ordinary = { priorityClassName: undefined, priority: 0, preemptionPolicy: 'PreemptLowerPriority' };
  const priorityClass = (name: string, value: number, more: object = {}) => make('scheduling.k8s.io/v1', 'priorityclasses', 'PriorityClass', name, { value, ...more });
  const change = (name: string, body: object) => ({ verb: 'patch', group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses', name, patchType: 'application/merge-patch+json', body }) as const;
  const refused = '403 priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist';
  expect(given('before')).toEqual(ordinary);
  bench.object(priorityClass('usual', 7, { globalDefault: true, preemptionPolicy: 'Never' }));
  bench.object(priorityClass('high', 100));
  bench.run(1);
  expect(given('patient')).toEqual({ priorityClassName: 'usual', priority: 7, preemptionPolicy: 'Never' });
  expect(given('first', { priorityClassName: 'high' })).toEqual({ priorityClassName: 'high', priority: 100, preemptionPolicy: 'PreemptLowerPriority' });
  expect(bench.refusal(pod('pushing', { preemptionPolicy: 'PreemptLowerPriority' }))).toBe('403 pods "pushing" is forbidden: the string value of PreemptionPolicy (PreemptLowerPriority) must not be provided in pod spec; priority admission controller computed Never from the given PriorityClass name');
  expect(bench.refusal(priorityClass('other', 1, { globalDefault: true }))).toBe(refused);
  bench.object(priorityClass('other', 1));
  expect(bench.refusal(change('other', { globalDefault: true }))).toBe(refused);
  bench.object(change('usual', { description: 'of all who say nothing' }));
  bench.object(change('usual', { globalDefault: false }));
  bench.run(1);
  expect(given('after')).toEqual(ordinary);
  bench.object(change('other', { globalDefault: true }));
  bench.run(1);
  expect(given('last')).toEqual({ priorityClassName: 'other', priority: 1, preemptionPolicy: 'PreemptLowerPriority' });
  // Two made at once do not know of each other: the lower counts.
  bench.object(change('other', { globalDefault: false }));
  bench.run(1);
  for (const [name, value] of [['upper', -4], ['lower', -5], ['upmost', -3]] as const) bench.send(priorityClass(name, value, { globalDefault: true }));
  bench.run(1);
  expect(given('lowest')).toMatchObject({ priorityClassName: 'lower', priority: -5 });
});
