import { beforeAll, describe, expect, test } from 'vitest';
import { servedResources, type KubeObject } from '../../kubernetes/api/index.ts';
import type { ObjectList } from '../../kubernetes/protocols/api.ts';
import { keptKindExamples } from './kind-examples.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeAll(() => { bench = new Bench(); });

const placeOf = (apiVersion: string, kind: string) => {
  const { group, version, resource, namespaced } = servedResources.find((one) => one.apiVersion === apiVersion && one.kind === kind)!;
  return { group, version, resource, ...(namespaced ? { namespace: 'default' } : {}) };
};

test('every kind that nothing acts on has an example here', () => {
  const kept = servedResources.filter(({ actedOn, kind }) => !actedOn || kind === 'PriorityClass').map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  expect(keptKindExamples.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).sort()).toEqual(kept.sort());
});

describe('is created, read, listed, watched, changed and deleted', () => {
  test.each(keptKindExamples.map((example) => [`${example.apiVersion} ${example.kind}`, example] as const))('%s', (_kind, { apiVersion, kind, name = 'web', body, change }) => {
    const place = placeOf(apiVersion, kind);
    const watch = bench.send({ verb: 'watch', ...place });
    const made = bench.object({ verb: 'create', ...place, query: { fieldValidation: 'Strict' }, body: { apiVersion, kind, metadata: { name }, ...body } });
    expect(made).toMatchObject({ apiVersion, kind, metadata: { name, uid: expect.any(String) as string } });
    expect(bench.object({ verb: 'get', ...place, name })).toEqual(made);
    const { kind: listKind, items } = bench.object<ObjectList>({ verb: 'list', ...place });
    expect([listKind, items.map(({ metadata }) => metadata.name).filter((one) => one === name)]).toEqual([`${kind}List`, [name]]);
    const patch = { metadata: { labels: { seen: 'yes' } }, ...change };
    const changed = bench.object({ verb: 'patch', ...place, name, patchType: 'application/merge-patch+json', body: patch });
    expect(changed).toMatchObject(patch);
    // Nobody is there who would take a protection away.
    const { resourceVersion: _version, managedFields: _managed, finalizers: _protection, ...kept } = changed.metadata;
    const replaced = bench.object<KubeObject>({ verb: 'update', ...place, name, body: { ...changed, metadata: { ...kept, labels: { seen: 'twice' }, resourceVersion: changed.metadata.resourceVersion } } });
    expect(replaced.metadata.labels).toEqual({ seen: 'twice' });
    bench.object({ verb: 'delete', ...place, name, body: { propagationPolicy: 'Background' } });
    expect(bench.refusal({ verb: 'get', ...place, name })).toMatch(/^404 /);
    expect(bench.heard.frames[watch]?.filter((frame) => frame.endsWith(` ${name}`))).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'DELETED'].map((type) => `${type} ${name}`));
    expect(new Set(bench.heard.objects[watch]!.map((object) => `${object.apiVersion} ${object.kind}`))).toEqual(new Set([`${apiVersion} ${kind}`]));
    bench.close(watch);
  });
});

describe('is refused in the words of upstream', () => {
  const labels = { app: 'web' };
  const selector = { matchLabels: labels };
  const spec = { containers: [{ name: 'c', image: 'nginx' }] };
  const template = { metadata: { labels }, spec };
  const ends = (more: object = {}) => ({ template: { spec: { ...spec, restartPolicy: 'Never' } }, ...more });
  const ingress = (backend: object, more: object = {}) => ({ spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...more }] } }] } });
  const target = { kind: 'Deployment', name: 'web' };
  const rbac = 'rbac.authorization.k8s.io';
  test.each<[string, string, string, object, string]>([
    ['a Job whose Pods would run for ever', 'batch/v1', 'Job', { spec: { template: { spec } } }, '422 Job.batch "x" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ['an indexed Job without completions', 'batch/v1', 'Job', { spec: ends({ completionMode: 'Indexed', parallelism: 2 }) }, '422 Job.batch "x" is invalid: spec.completions: Required value: when completion mode is Indexed'],
    ['a Job with an unknown field', 'batch/v1', 'Job', { spec: ends({ backofLimit: 2 }) }, '400 Job in version "v1" cannot be handled as a Job: strict decoding error: unknown field "spec.backofLimit"'],
    ['a schedule of four fields', 'batch/v1', 'CronJob', { spec: { schedule: '* * * *', jobTemplate: { spec: ends() } } }, '422 CronJob.batch "x" is invalid: spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
    ['a minute that is none', 'batch/v1', 'CronJob', { spec: { schedule: '60 * * * *', jobTemplate: { spec: ends() } } }, '422 CronJob.batch "x" is invalid: spec.schedule: Invalid value: "60 * * * *": end of range (60) above maximum (59): 60'],
    ['a day that is none', 'batch/v1', 'CronJob', { spec: { schedule: '0 0 * * fun', jobTemplate: { spec: ends() } } }, '422 CronJob.batch "x" is invalid: spec.schedule: Invalid value: "0 0 * * fun": failed to parse int from fun: strconv.Atoi: parsing "fun": invalid syntax'],
    ['no schedule', 'batch/v1', 'CronJob', { spec: { jobTemplate: { spec: ends() } } }, '422 CronJob.batch "x" is invalid: spec.schedule: Required value'],
    ['a DaemonSet that would not know its Pods', 'apps/v1', 'DaemonSet', { spec: { selector: { matchLabels: { app: 'other' } }, template } }, '422 DaemonSet.apps "x" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
    ['a StatefulSet without selector', 'apps/v1', 'StatefulSet', { spec: { serviceName: 'web', template } }, '422 StatefulSet.apps "x" is invalid: spec.selector: Required value'],
    ['a StatefulSet of an unknown order', 'apps/v1', 'StatefulSet', { spec: { selector, template, podManagementPolicy: 'Chaos' } }, '422 StatefulSet.apps "x" is invalid: spec.podManagementPolicy: Invalid value: "Chaos": must be \'OrderedReady\' or \'Parallel\''],
    ['a claim of nothing', 'v1', 'PersistentVolumeClaim', { spec: {} }, '422 PersistentVolumeClaim "x" is invalid: [spec.accessModes: Required value: at least 1 access mode is required, spec.resources[storage]: Required value]'],
    ['a volume without a source', 'v1', 'PersistentVolume', { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } } }, '422 PersistentVolume "x" is invalid: spec: Required value: must specify a volume type'],
    ['a class without provisioner', 'storage.k8s.io/v1', 'StorageClass', {}, '422 StorageClass.storage.k8s.io "x" is invalid: provisioner: Required value'],
    ['a backend of two sorts', 'networking.k8s.io/v1', 'Ingress', ingress({ service: { name: 'web', port: { number: 80 } }, resource: { kind: 'Bucket', name: 'b' } }), '422 Ingress.networking.k8s.io "x" is invalid: spec.rules[0].http.paths[0].backend: Invalid value: "": cannot set both resource and service backends'],
    ['a backend without port', 'networking.k8s.io/v1', 'Ingress', ingress({ service: { name: 'web' } }), '422 Ingress.networking.k8s.io "x" is invalid: spec.rules[0].http.paths[0].backend: Required value: port name or number is required'],
    ['a path without type', 'networking.k8s.io/v1', 'Ingress', ingress({ service: { name: 'web', port: { number: 80 } } }, { pathType: undefined }), '422 Ingress.networking.k8s.io "x" is invalid: spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
    ['an Ingress to nowhere', 'networking.k8s.io/v1', 'Ingress', { spec: {} }, '422 Ingress.networking.k8s.io "x" is invalid: spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    ['an address that is none', 'networking.k8s.io/v1', 'IPAddress', { spec: { parentRef: { resource: 'services' } } }, '422 IPAddress.networking.k8s.io "x" is invalid: [metadata.name: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff), spec.parentRef.name: Required value]'],
    ['ranges of one family', 'networking.k8s.io/v1', 'ServiceCIDR', { spec: { cidrs: ['10.1.0.0/16', '10.2.0.0/16'] } }, '422 ServiceCIDR.networking.k8s.io "x" is invalid: spec.cidrs: Invalid value: ["10.1.0.0/16","10.2.0.0/16"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'],
    ['a range that is none', 'networking.k8s.io/v1', 'ServiceCIDR', { spec: { cidrs: ['10.1.0.0/33'] } }, '422 ServiceCIDR.networking.k8s.io "x" is invalid: spec.cidrs[0]: Invalid value: "10.1.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
    ['an exception beyond its block', 'networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] } }] }] } }, '422 NetworkPolicy.networking.k8s.io "x" is invalid: spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.1.0.0/24": must be a strict subset of `cidr`'],
    ['a budget with both bounds', 'policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: 1 } }, '422 PodDisruptionBudget.policy "x" is invalid: spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set'],
    ['more at least than at most', 'autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: target, minReplicas: 5, maxReplicas: 2 } }, '422 HorizontalPodAutoscaler.autoscaling "x" is invalid: spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`'],
    ['a rule without verbs', `${rbac}/v1`, 'Role', { rules: [{ apiGroups: [''], resources: ['pods'] }] }, '422 Role.rbac.authorization.k8s.io "x" is invalid: rules[0].verbs: Required value: verbs must contain at least one value'],
    ['an account from nowhere', `${rbac}/v1`, 'ClusterRoleBinding', { roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'ServiceAccount', name: 'default' }] }, '422 ClusterRoleBinding.rbac.authorization.k8s.io "x" is invalid: subjects[0].namespace: Required value'],
    ['a minimum above the maximum', 'v1', 'LimitRange', { spec: { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] } }, '422 LimitRange "x" is invalid: [spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1, spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1, spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1]'],
    ['a quota on what is none', 'v1', 'ResourceQuota', { spec: { hard: { gizmos: '1' } } }, '422 ResourceQuota "x" is invalid: spec.hard[gizmos]: Invalid value: "gizmos": must be a standard resource for quota'],
    ['a priority of the system', 'scheduling.k8s.io/v1', 'PriorityClass', { value: 2_000_000_000 }, '422 PriorityClass.scheduling.k8s.io "x" is invalid: value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
  ])('%s', (_what, apiVersion, kind, body, expected) => {
    expect(bench.refusal({ verb: 'create', ...placeOf(apiVersion, kind), query: { fieldValidation: 'Strict' }, body: { apiVersion, kind, metadata: { name: 'x' }, ...body } })).toBe(expected);
  });

  test.each<[string, string, string, object, object, string]>([
    ['another template for a Job', 'batch/v1', 'Job', { spec: ends() }, { spec: { completions: 3 } }, 'spec.completions: Invalid value: 3: field is immutable'],
    ['another service for a StatefulSet', 'apps/v1', 'StatefulSet', { spec: { serviceName: 'web', selector, template } }, { spec: { serviceName: 'other' } }, "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"],
    ['another value for a priority', 'scheduling.k8s.io/v1', 'PriorityClass', { value: 5 }, { value: 6 }, 'value: Forbidden: may not be changed in an update.'],
    ['another provisioner', 'storage.k8s.io/v1', 'StorageClass', { provisioner: 'a/b' }, { provisioner: 'c/d' }, 'provisioner: Forbidden: updates to provisioner are forbidden.'],
    ['another role', `${rbac}/v1`, 'RoleBinding', { roleRef: { apiGroup: rbac, kind: 'Role', name: 'a' } }, { roleRef: { name: 'b' } }, 'roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"b"}: cannot change roleRef'],
  ])('as a change: %s', (_what, apiVersion, kind, body, change, expected) => {
    const place = placeOf(apiVersion, kind);
    bench.object({ verb: 'create', ...place, body: { apiVersion, kind, metadata: { name: 'fixed' }, ...body } });
    expect(bench.refusal({ verb: 'patch', ...place, name: 'fixed', patchType: 'application/merge-patch+json', body: change })).toContain(`is invalid: ${expected}`);
  });
});

describe('one stored object in two versions', () => {
  const v1 = { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata: { name: 'both' }, spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 3, targetCPUUtilizationPercentage: 60 } };
  test('an autoscaler', () => {
    bench.object({ verb: 'create', ...placeOf('autoscaling/v1', 'HorizontalPodAutoscaler'), body: v1 });
    const v2 = placeOf('autoscaling/v2', 'HorizontalPodAutoscaler');
    expect(bench.object({ verb: 'get', ...v2, name: 'both' })).toMatchObject({ apiVersion: 'autoscaling/v2', spec: { minReplicas: 1, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 60 } } }] } });
    bench.object({ verb: 'patch', ...v2, name: 'both', patchType: 'application/merge-patch+json', body: { spec: { behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } } } });
    const seen = bench.object({ verb: 'get', ...placeOf('autoscaling/v1', 'HorizontalPodAutoscaler'), name: 'both' });
    expect(seen).toMatchObject({ apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 60 }, metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/behavior': '{"scaleDown":{"stabilizationWindowSeconds":60}}' } } });
  });
  test('an Event', () => {
    const events = { ...placeOf('events.k8s.io/v1', 'Event') };
    const body = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'seen' }, eventTime: '2026-01-01T00:00:00.000000Z', action: 'Look', reason: 'Seen', note: 'it was there', type: 'Normal', reportingController: 'example.com/watcher', reportingInstance: 'w-1', regarding: { kind: 'Pod', name: 'web', namespace: 'default' } };
    bench.object({ verb: 'create', ...events, query: { fieldValidation: 'Strict' }, body });
    expect(bench.object({ verb: 'get', ...placeOf('v1', 'Event'), name: 'seen' })).toMatchObject({ apiVersion: 'v1', message: 'it was there', reportingComponent: 'example.com/watcher', involvedObject: { kind: 'Pod', name: 'web' } });
    expect(bench.names({ ...events, query: { fieldSelector: 'regarding.name=web' } })).toEqual(['seen']);
    expect(bench.refusal({ verb: 'list', ...events, query: { fieldSelector: 'involvedObject.name=web' } })).toBe('400 field label not supported: involvedObject.name');
    expect(bench.object<ObjectList<{ note: string; apiVersion: string }>>({ verb: 'list', ...events }).items.map(({ note, apiVersion }) => `${apiVersion} ${note}`)).toContain('events.k8s.io/v1 it was there');
  });
});

test('the classes of the system are there from the first look, and Pods take their priority from a class', () => {
  const fresh = new Bench();
  expect(fresh.names({ ...placeOf('scheduling.k8s.io/v1', 'PriorityClass') })).toEqual(['system-cluster-critical', 'system-node-critical']);
  fresh.object({ verb: 'create', resource: 'serviceaccounts', namespace: 'default', body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } } });
  fresh.object({ verb: 'create', ...placeOf('scheduling.k8s.io/v1', 'PriorityClass'), body: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 700, preemptionPolicy: 'Never' } });
  const pod = (priorityClassName: string) => ({ verb: 'create', resource: 'pods', namespace: 'default', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { priorityClassName, containers: [{ name: 'c', image: 'nginx' }] } } }) as const;
  expect(fresh.refusal(pod('none'))).toBe('403 pods "p" is forbidden: no PriorityClass with name none was found');
  expect(fresh.object(pod('high'))).toMatchObject({ spec: { priority: 700, preemptionPolicy: 'Never' } });
});

test('a Job owns its Pods by labels of its own', () => {
  const place = placeOf('batch/v1', 'Job');
  const job = bench.object<KubeObject & { spec: { selector: object; template: { metadata: { labels: Record<string, string> } } } }>({ verb: 'create', ...place, body: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx' }], restartPolicy: 'Never' } } } } });
  expect(job.spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': job.metadata.uid } });
  expect(job.spec.template.metadata.labels).toMatchObject({ 'batch.kubernetes.io/job-name': 'once', 'job-name': 'once' });
  expect(job).toMatchObject({ metadata: { generation: 1 }, spec: { parallelism: 1, completions: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false }, status: {} });
});
