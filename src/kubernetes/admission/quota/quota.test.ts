import { describe, expect, it } from 'vitest';
import type { KubeObject, Pod } from '../../api/index.ts';
import type { ResourceQuota } from '../../api/kept-specs.ts';
import { podResources } from '../pod-resources.ts';
import { checkQuotas } from './check.ts';
import { isAbout } from './scopes.ts';
import { quotaNames, usageOf } from './usage.ts';

const pod = (spec: object = {}, status?: object, metadata: object = {}): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', ...metadata }, spec: { containers: [{ name: 'c' }], ...spec }, status }) as unknown as Pod;
const container = (requests: object, limits: object = {}, more: object = {}) => ({ name: 'c', resources: { requests, limits }, ...more });
const quota = (hard: object, used: object = {}, spec: object = {}) => ({ metadata: { name: 'q' }, spec: { hard, ...spec }, status: { hard, used: { ...Object.fromEntries(Object.keys(hard).map((name) => [name, '0'])), ...used } } }) as unknown as ResourceQuota;
const object = (kind: string, spec: object): KubeObject => ({ apiVersion: 'v1', kind, metadata: { name: 'x' }, spec }) as unknown as KubeObject;

describe('what an object counts', () => {
  const nowUs = 1_000_000_000_000;
  it.each<[string, string, KubeObject, object]>([
    ['a Pod', 'pods', pod({ containers: [container({ cpu: '100m', memory: '1Gi' }, { cpu: '200m' })] }), { 'count/pods': '1', pods: '1', cpu: '100m', 'requests.cpu': '100m', memory: '1Gi', 'requests.memory': '1Gi', 'limits.cpu': '200m' }],
    ['a Pod with devices and huge pages', 'pods', pod({ containers: [container({ 'example.com/gpu': '2', 'hugepages-2Mi': '4Mi' })] }), { 'count/pods': '1', pods: '1', 'requests.example.com/gpu': '2', 'hugepages-2Mi': '4Mi', 'requests.hugepages-2Mi': '4Mi' }],
    ['a Pod that has ended', 'pods', pod({ containers: [container({ cpu: '1' })] }, { phase: 'Succeeded' }), { 'count/pods': '1' }],
    ['a Pod that should have ended', 'pods', pod({}, undefined, { deletionTimestamp: '1970-01-01T00:00:01Z' }), { 'count/pods': '1' }],
    ['a NodePort Service', 'services', object('Service', { type: 'NodePort', ports: [{}, {}] }), { 'count/services': '1', services: '1', 'services.nodeports': '2', 'services.loadbalancers': '0' }],
    ['a balanced Service without node ports', 'services', object('Service', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{}, { nodePort: 30000 }] }), { 'count/services': '1', services: '1', 'services.nodeports': '1', 'services.loadbalancers': '1' }],
    ['a claim', 'persistentvolumeclaims', object('PersistentVolumeClaim', { resources: { requests: { storage: '1Gi' } } }), { 'count/persistentvolumeclaims': '1', persistentvolumeclaims: '1', 'requests.storage': '1Gi' }],
    ['a Deployment', 'deployments.apps', object('Deployment', {}), { 'count/deployments.apps': '1' }],
    ['a Secret', 'secrets', object('Secret', {}), { 'count/secrets': '1', secrets: '1' }],
  ])('%s', (_what, resource, given, usage) => { expect(usageOf(resource, given, nowUs)).toEqual(usage); });

  it('of containers together, or of one that starts before them', () => {
    const spec = { containers: [container({ cpu: '1' }), container({ cpu: '500m' })], initContainers: [container({ cpu: '200m' }, {}, { restartPolicy: 'Always' }), container({ cpu: '2' })], overhead: { cpu: '100m' } };
    expect(podResources(pod(spec).spec, 'requests')).toEqual({ cpu: '2300m' });
    expect(podResources(pod({ ...spec, resources: { requests: { cpu: '4' } } }).spec, 'requests')).toEqual({ cpu: '4100m' });
  });

  it('names belong to one kind', () => {
    const names = ['pods', 'requests.cpu', 'requests.storage', 'requests.example.com/gpu', 'services', 'secrets', 'count/jobs.batch', 'gold.storageclass.storage.k8s.io/requests.storage'];
    expect(quotaNames('pods', names)).toEqual(['pods', 'requests.cpu', 'requests.example.com/gpu']);
    expect(quotaNames('persistentvolumeclaims', names)).toEqual(['requests.storage', 'gold.storageclass.storage.k8s.io/requests.storage']);
    expect([quotaNames('jobs.batch', names), quotaNames('secrets', names), quotaNames('deployments.apps', names)]).toEqual([['count/jobs.batch'], ['secrets'], []]);
  });
});

describe('which Pods a quota is about', () => {
  const critical = { scopeName: 'PriorityClass', operator: 'In', values: ['high'] };
  it.each<[string, object, object, boolean]>([
    ['none is asked for', {}, {}, true], ['best effort', { scopes: ['BestEffort'] }, {}, true], ['not best effort', { scopes: ['BestEffort'] }, { containers: [container({ cpu: '1' })] }, false],
    ['with a deadline', { scopes: ['Terminating'] }, { activeDeadlineSeconds: 5 }, true], ['without', { scopes: ['NotTerminating'] }, { activeDeadlineSeconds: 5 }, false],
    ['of a class', { scopeSelector: { matchExpressions: [critical] } }, { priorityClassName: 'high' }, true], ['of another class', { scopeSelector: { matchExpressions: [critical] } }, { priorityClassName: 'low' }, false],
    ['of no class', { scopeSelector: { matchExpressions: [{ ...critical, operator: 'DoesNotExist', values: [] }] } }, {}, true],
    ['that looks into other namespaces', { scopes: ['CrossNamespacePodAffinity'] }, { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'x', namespaces: ['a'] }] } } }, true],
    ['of two scopes at once', { scopes: ['BestEffort', 'Terminating'] }, {}, false],
  ])('%s', (_what, scopes, spec, about) => { expect(isAbout(quota({ pods: '1' }, {}, scopes), 'pods', pod(spec))).toBe(about); });
});

describe('a request', () => {
  const full = quota({ pods: '2', 'requests.cpu': '1' }, { pods: '1', 'requests.cpu': '900m' });
  it('that fits is counted', () => {
    expect(checkQuotas([full], 'pods', pod({ containers: [container({ cpu: '100m' })] }), undefined, 0)).toMatchObject({ charge: [{ status: { used: { pods: '2', 'requests.cpu': '1' } } }] });
  });
  it.each<[string, readonly ResourceQuota[], KubeObject, string]>([
    ['too much', [full], pod({ containers: [container({ cpu: '200m' })] }), 'exceeded quota: q, requested: requests.cpu=200m, used: requests.cpu=900m, limited: requests.cpu=1'],
    ['says nothing', [quota({ 'limits.memory': '1Gi', cpu: '1' })], pod({ containers: [{ name: 'a' }, { name: 'b' }] }), 'failed quota: q: must specify cpu for: a,b; limits.memory for: a,b'],
    ['not counted yet', [{ ...full, status: { hard: { pods: '2' } } }], pod(), 'status unknown for quota: q, resources: pods'],
  ])('%s is refused', (_what, quotas, given, refuse) => { expect(checkQuotas(quotas, 'pods', given, undefined, 0)).toEqual({ refuse }); });
  it('a change counts what it adds', () => {
    const services = quota({ 'services.nodeports': '2' }, { 'services.nodeports': '1' });
    const [one, two] = [object('Service', { type: 'NodePort', ports: [{}] }), object('Service', { type: 'NodePort', ports: [{}, {}] })];
    expect(checkQuotas([services], 'services', two, one, 0)).toMatchObject({ charge: [{ status: { used: { 'services.nodeports': '2' } } }] });
    expect(checkQuotas([services], 'services', one, two, 0)).toEqual({ charge: [] });
    expect(checkQuotas([services], 'configmaps', one, two, 0)).toEqual({ charge: [] });
  });
});
