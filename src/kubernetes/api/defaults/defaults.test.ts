import { describe, expect, test } from 'vitest';
import { applyDefaults, defaultPullPolicy } from './index.ts';
import { encodeBase64 } from './core-v1.ts';

const metadata = { name: 'x', namespace: 'default' };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };

/** The parts of a defaulted object that were not in the given one, or differ. */
const defaulted = (kind: string, object: object): unknown => applyDefaults(kind, { apiVersion: 'v1', kind, metadata, ...object });

describe('what a stored object shows', () => {
  test('Deployment', () => {
    const stored = defaulted('Deployment', { spec: { selector: {}, template } });
    expect(stored).toEqual({
      apiVersion: 'v1', kind: 'Deployment', metadata, status: {},
      spec: {
        selector: {}, replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', securityContext: {}, schedulerName: 'default-scheduler',
            containers: [{ name: 'c', image: 'nginx', resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'Always' }],
          },
        },
      },
    });
  });
  test.each([
    [{ replicas: 0 }, { replicas: 0 }],
    [{ strategy: { type: 'Recreate' } }, { strategy: { type: 'Recreate' } }],
    [{ strategy: { rollingUpdate: { maxSurge: 1 } } }, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } } }],
  ])('Deployment with %j', (given, wanted) => expect(defaulted('Deployment', { spec: { selector: {}, template, ...given } })).toMatchObject({ spec: wanted }));

  test('a Pod gets more than a template: requests from limits, service links', () => {
    const stored = applyDefaults('Pod', { apiVersion: 'v1', kind: 'Pod', metadata, spec: {
      serviceAccountName: 'robot',
      containers: [{ name: 'c', image: 'a:1', resources: { limits: { cpu: '1000m', memory: '1024Mi' }, requests: { cpu: '0.5' } }, ports: [{ containerPort: 80 }] }],
    } });
    expect(stored.spec).toMatchObject({ enableServiceLinks: true, serviceAccountName: 'robot', serviceAccount: 'robot' });
    expect(stored.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 80, protocol: 'TCP' }],
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m', memory: '1Gi' } },
    });
  });
  test('a template keeps its requests as given', () => {
    const limited = { ...template, spec: { containers: [{ name: 'c', image: 'a', resources: { limits: { cpu: 2 } } }] } };
    expect(defaulted('ReplicaSet', { spec: { selector: {}, template: limited } })).toMatchObject({ spec: { replicas: 1, template: { spec: { containers: [{ resources: { limits: { cpu: '2' } } }] } } } });
    expect(JSON.stringify(defaulted('ReplicaSet', { spec: { selector: {}, template: limited } }))).not.toContain('requests');
  });
  test('on the host network a Pod port is the host port', () => {
    expect(defaulted('Pod', { spec: { hostNetwork: true, containers: [{ name: 'c', image: 'a', ports: [{ containerPort: 80 }] }] } }))
      .toMatchObject({ spec: { containers: [{ ports: [{ containerPort: 80, hostPort: 80 }] }] } });
  });
  test('probes, hooks and environment', () => {
    const container = {
      name: 'c', image: 'a', livenessProbe: { httpGet: { port: 80 } }, readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: 5, failureThreshold: 0 },
      lifecycle: { preStop: { httpGet: { port: 1, path: '/bye' } } },
      env: [{ name: 'A', value: '1' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }],
    };
    expect(defaulted('Pod', { spec: { containers: [container] } })).toMatchObject({ spec: { containers: [{
      livenessProbe: { httpGet: { port: 80, path: '/', scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
      readinessProbe: { periodSeconds: 5, failureThreshold: 3 },
      lifecycle: { preStop: { httpGet: { port: 1, path: '/bye', scheme: 'HTTP' } } },
      env: [{ name: 'A', value: '1' }, { valueFrom: { fieldRef: { apiVersion: 'v1' } } }, { valueFrom: { resourceFieldRef: { divisor: '0' } } }],
    }] } });
  });
  test('volumes', () => {
    const volumes = [
      { name: 'none' }, { name: 'cm', configMap: { name: 'a' } }, { name: 's', secret: { secretName: 'a', defaultMode: 256 } }, { name: 'h', hostPath: { path: '/' } },
      { name: 'p', projected: { sources: [{ serviceAccountToken: { path: 't' } }, { downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.name' } }] } }] } },
      { name: 'e', emptyDir: { sizeLimit: '1024Mi' } }, { name: 'c', persistentVolumeClaim: { claimName: 'a' } },
    ];
    expect(defaulted('Pod', { spec: { containers: [], volumes } })).toMatchObject({ spec: { volumes: [
      { emptyDir: {} }, { configMap: { defaultMode: 420 } }, { secret: { defaultMode: 256 } }, { hostPath: { type: '' } },
      { projected: { defaultMode: 420, sources: [{ serviceAccountToken: { expirationSeconds: 3600 } }, { downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1' } }] } }] } },
      { emptyDir: { sizeLimit: '1Gi' } }, { persistentVolumeClaim: { claimName: 'a' } },
    ] } });
  });
  test.each([
    [{ ports: [{ port: 80 }] }, { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster', ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] }],
    [{ type: 'NodePort' }, { externalTrafficPolicy: 'Cluster' }],
    [{ type: 'LoadBalancer' }, { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' }],
    [{ sessionAffinity: 'ClientIP' }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }],
    [{ ports: [{ port: 80, targetPort: 'http' }] }, { ports: [{ targetPort: 'http' }] }],
  ])('Service with %j', (spec, wanted) => expect(defaulted('Service', { spec })).toMatchObject({ spec: wanted, status: { loadBalancer: {} } }));
  test('an ExternalName Service has no internal traffic policy', () =>
    expect(defaulted('Service', { spec: { type: 'ExternalName', externalName: 'a.b' } })).toMatchObject({ spec: { type: 'ExternalName', externalName: 'a.b', sessionAffinity: 'None' } }));
  test('Secret', () => {
    expect(defaulted('Secret', { data: { a: 'MQ==' }, stringData: { b: 'é1' } })).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { a: 'MQ==', b: 'w6kx' } });
  });
  test('Namespace, Node, EndpointSlice', () => {
    expect(applyDefaults('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } })).toMatchObject({ metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } }, status: { phase: 'Active' } });
    expect(defaulted('Node', { status: { capacity: { cpu: 4, memory: '8192Mi' } } })).toMatchObject({ status: { allocatable: { cpu: '4', memory: '8Gi' } } });
    expect(defaulted('EndpointSlice', { addressType: 'IPv4', ports: [{ port: 80 }] })).toMatchObject({ endpoints: null, ports: [{ name: '', protocol: 'TCP', port: 80 }] });
  });
});

test.each([
  ['nginx', 'Always'], ['nginx:latest', 'Always'], ['nginx:1.25', 'IfNotPresent'], ['reg:5000/nginx', 'Always'], ['reg:5000/a/nginx:1', 'IfNotPresent'],
  ['nginx@sha256:abc', 'IfNotPresent'], ['nginx:latest@sha256:abc', 'Always'], ['', 'IfNotPresent'],
])('%j is pulled %s', (image, policy) => expect(defaultPullPolicy(image)).toBe(policy));

test('what is complete comes back itself, and parts keep their reference', () => {
  const once = applyDefaults('Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: {}, template } });
  expect(applyDefaults('Deployment', once)).toBe(once);
  const changed = applyDefaults('Deployment', { ...once, spec: { ...once.spec, paused: true, replicas: undefined } });
  expect(changed.spec.template).toBe(once.spec.template);
  const pod = applyDefaults('Pod', { apiVersion: 'v1', kind: 'Pod', metadata, spec: once.spec.template.spec });
  expect(pod.spec.containers).toBe(once.spec.template.spec.containers);
  expect(applyDefaults('Pod', pod)).toBe(pod);
});

test.each([['', ''], ['a', 'YQ=='], ['ab', 'YWI='], ['abc', 'YWJj'], ['€😀', '4oKs8J+YgA==']])('base64 of %j', (text, encoded) => expect(encodeBase64(text)).toBe(encoded));
