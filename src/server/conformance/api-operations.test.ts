/** The kinds of which upstream asks the same: test/e2e/{apimachinery/flowcontrol,apps/cronjob,common/node/runtimeclass,network/{ingress,ingressclass,endpointslice},storage/csistoragecapacity}.go. */
import { apiOperations } from './api-operations.ts';
import { behaviour } from './harness.ts';

const condition = (type: string, more: object = {}) => ({ conditions: [{ type, status: 'False', reason: 'E2E', message: 'Set from a test', lastTransitionTime: '2024-01-01T00:00:00Z', ...more }] });
const status = { patch: condition('PatchStatusFailed'), update: condition('StatusUpdateFailed') };

behaviour('[sig-api-machinery] API priority and fairness should support FlowSchema API operations [Conformance]', (at) => {
  const spec = {
    matchingPrecedence: 10_000, priorityLevelConfiguration: { name: 'global-default' }, distinguisherMethod: { type: 'ByUser' },
    rules: [{ subjects: [{ kind: 'User', user: { name: 'nobody-of-that-name' } }], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] }],
  };
  return apiOperations(at, {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1', resource: 'flowschemas', body: () => ({ spec }), status,
    change: { patch: { spec: { matchingPrecedence: 9_999 } }, update: { spec: { ...spec, matchingPrecedence: 9_000 } } },
  });
});

behaviour('[sig-api-machinery] API priority and fairness should support PriorityLevelConfiguration API operations [Conformance]', (at) => {
  const limited = (nominalConcurrencyShares: number) => ({ spec: { type: 'Limited', limited: { nominalConcurrencyShares, limitResponse: { type: 'Reject' } } } });
  return apiOperations(at, {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1', resource: 'prioritylevelconfigurations', body: () => limited(2), status, change: { patch: { spec: { limited: { nominalConcurrencyShares: 4 } } }, update: limited(6) },
  });
});

behaviour('[sig-apps] CronJob should support CronJob API operations [Conformance]', (at) => {
  const template = { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'c', image: 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1', command: ['/bin/true'] }] } };
  return apiOperations(at, {
    apiVersion: 'batch/v1', resource: 'cronjobs', namespaced: true,
    body: () => ({ spec: { schedule: '* */1 * * ?', concurrencyPolicy: 'Allow', successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0, jobTemplate: { spec: { parallelism: 1, completions: 1, template } } } }),
    status: { patch: { lastScheduleTime: '2026-01-01T00:00:05Z' }, update: { lastScheduleTime: '2026-01-01T00:00:06Z' } },
  });
});

behaviour('[sig-node] RuntimeClass should support RuntimeClasses API operations [Conformance]', (at) =>
  apiOperations(at, { apiVersion: 'node.k8s.io/v1', resource: 'runtimeclasses', body: (i) => ({ handler: `handler-${i}` }), name: (i) => `conformance-${i}` }));

behaviour('[sig-network] EndpointSlice should support creating EndpointSlice API operations [Conformance]', (at) => apiOperations(at, {
  apiVersion: 'discovery.k8s.io/v1', resource: 'endpointslices', namespaced: true,
  body: () => ({ addressType: 'IPv4', endpoints: [{ addresses: ['1.2.3.4', '5.6.7.8'] }, { addresses: ['2.2.3.4', '6.6.7.8'] }] }),
}));

behaviour('[sig-network] Ingress API should support creating Ingress API operations [Conformance]', (at) => {
  const backend = (name: string) => ({ service: { name, port: { number: 8080 } } });
  const lb = (ip: string) => ({ loadBalancer: { ingress: [{ ip }] } });
  return apiOperations(at, {
    apiVersion: 'networking.k8s.io/v1', resource: 'ingresses', namespaced: true, status: { patch: lb('169.1.1.1'), update: lb('169.1.1.2') },
    body: (i) => ({ spec: { defaultBackend: backend('default-backend'), rules: [{ host: `host${i}.bar.com`, http: { paths: [{ path: '/', pathType: 'ImplementationSpecific', backend: backend('test-backend') }] } }] } }),
  });
});

behaviour('[sig-network] IngressClass API should support creating IngressClass API operations [Conformance]', (at) =>
  apiOperations(at, { apiVersion: 'networking.k8s.io/v1', resource: 'ingressclasses', body: () => ({ spec: { controller: 'example.com/controller' } }), name: (i) => `ingressclass${i}` }));

behaviour('[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations [Conformance]', (at) =>
  apiOperations(at, { apiVersion: 'storage.k8s.io/v1', resource: 'csistoragecapacities', namespaced: true, body: () => ({ storageClassName: 'e2e.example.com' }), name: (i) => `capacity-${i}` }));

// test/e2e/dra/dra.go, with fewer ways to patch.
const device = 'resource.k8s.io/v1';
const labels = { 'test.dra.example.com': 'test' };
const labelled = { patch: { metadata: { annotations: { patched: 'true' }, labels } }, update: {} };
const claim = { devices: { requests: [{ name: 'req-0', exactly: { deviceClassName: 'dra.example.com' } }] } };
behaviour('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass [Conformance]', (at) => {
  const selects = (expression: string) => ({ spec: { selectors: [{ cel: { expression } }] } });
  return apiOperations(at, { apiVersion: device, resource: 'deviceclasses', body: () => selects('false'), name: (i) => `test-${i}`, change: { patch: selects('1 == 0'), update: selects('1 == 0') } });
});
behaviour('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim [Conformance]', (at) =>
  apiOperations(at, { apiVersion: device, resource: 'resourceclaims', namespaced: true, body: () => ({ spec: claim }), name: (i) => `test-${i}`, change: labelled, status: { patch: { allocation: {} }, update: { allocation: {} } } }));
behaviour('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate [Conformance]', (at) =>
  apiOperations(at, { apiVersion: device, resource: 'resourceclaimtemplates', namespaced: true, body: () => ({ spec: { spec: claim } }), name: (i) => `test-${i}`, change: labelled }));
behaviour('[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice [Conformance]', (at) => {
  const spec = { driver: 'dra.example.com', pool: { name: 'cluster', generation: 1, resourceSliceCount: 1 }, nodeName: 'no-such-node' };
  const devices = [{ name: 'device-0' }];
  return apiOperations(at, { apiVersion: device, resource: 'resourceslices', body: () => ({ spec }), name: (i) => `test-${i}`, change: { patch: { spec: { devices } }, update: { spec: { ...spec, devices } } } });
});
