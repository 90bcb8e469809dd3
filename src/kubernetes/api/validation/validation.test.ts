import { describe, expect, test } from 'vitest';
import '../../kept-kinds.ts';
import type { KubeObject } from '../meta-v1.ts';
import type { ModelledKind } from '../served-resources.ts';
import { formatFieldError } from '../../apimachinery/field-errors.ts';
import { applyDefaults } from '../defaults/index.ts';
import { validateBinding, validateCreate, validateUpdate } from './index.ts';

type Loose = { [key: string]: unknown };

const clusterScoped = ['Namespace', 'Node'];

function object(kind: ModelledKind, fields: Loose): KubeObject {
  const metadata = { name: 'web', ...(clusterScoped.includes(kind) ? {} : { namespace: 'default' }), ...(fields['metadata'] as Loose | undefined) };
  return applyDefaults(kind, { apiVersion: 'v1', kind, ...fields, metadata } as unknown as KubeObject);
}

const refusals = (kind: ModelledKind, fields: Loose): string[] => validateCreate(kind, object(kind, fields)).map(formatFieldError);

function changeRefusals(kind: ModelledKind, old: Loose, next: Loose): string[] {
  const stored = { ...(old['metadata'] as Loose | undefined), uid: 'u1', resourceVersion: '7' };
  const before = object(kind, { ...old, metadata: stored });
  return validateUpdate(kind, object(kind, { ...next, metadata: { ...stored, ...(next['metadata'] as Loose | undefined) } }), before).map(formatFieldError);
}

const container = { name: 'c', image: 'nginx:1' };
const pod = (spec: Loose): Loose => ({ spec: { containers: [container], ...spec } });
const withContainer = (more: Loose, spec: Loose = {}): Loose => pod({ containers: [{ ...container, ...more }], ...spec });
const workload = (spec: Loose = {}, labels: Loose = { app: 'web' }): Loose => ({
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels }, spec: { containers: [container] } }, ...spec },
});

const label1123 = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

describe('metadata', () => {
  test.each<[Loose, string[]]>([
    [{}, []],
    [{ name: '' }, ['metadata.name: Required value: name or generateName is required']],
    [{ name: 'Web' }, [expect.stringMatching(/^metadata\.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist/) as unknown as string]],
    [{ namespace: '' }, ['metadata.namespace: Required value']],
    [{ labels: { 'a b': 'c' } }, [expect.stringMatching(/^metadata\.labels: Invalid value: "a b": name part must consist of alphanumeric/) as unknown as string]],
    [{ labels: { a: 'b c' } }, [expect.stringMatching(/^metadata\.labels: Invalid value: "b c": a valid label must be an empty string or consist/) as unknown as string]],
    [{ annotations: { 'a/b/c': '' } }, [expect.stringMatching(/^metadata\.annotations: Invalid value: "a\/b\/c": a valid label key/) as unknown as string]],
    [{ annotations: { a: 'x'.repeat(256 * 1024) } }, ['metadata.annotations: Too long: may not be more than 262144 bytes']],
    [{ finalizers: ['orphan', 'foregroundDeletion'] }, ['metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set']],
    [{ ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '' }] }, ['metadata.ownerReferences.uid: Invalid value: "": must not be empty']],
  ])('%j', (metadata, wanted) => expect(refusals('ConfigMap', { metadata })).toEqual(wanted));

  test.each<[Loose, string[]]>([
    [{}, []],
    [{ uid: 'u2' }, ['metadata.uid: Invalid value: "u2": field is immutable']],
    [{ resourceVersion: '' }, ['metadata.resourceVersion: Invalid value: "": must be specified for an update']],
    [{ deletionTimestamp: '2026-01-01T00:00:00Z' }, ['metadata.deletionTimestamp: Invalid value: "2026-01-01T00:00:00Z": field is immutable']],
  ])('changed to %j', (metadata, wanted) => expect(changeRefusals('ConfigMap', {}, { metadata })).toEqual(wanted));

  test('no finalizer is added to what is going', () => {
    const old = { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a.b/c'] } };
    expect(changeRefusals('ConfigMap', old, { metadata: { finalizers: ['a.b/c', 'a.b/d'] } })).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/d"}']);
    expect(changeRefusals('ConfigMap', old, { metadata: { finalizers: [] } })).toEqual([]);
  });
});

describe('Pods', () => {
  test.each<[string, Loose, string[]]>([
    ['all is well', pod({}), []],
    ['no containers', pod({ containers: [] }), ['spec.containers: Required value']],
    ['no image', pod({ containers: [{ name: 'c' }] }), ['spec.containers[0].image: Required value']],
    ['no name', pod({ containers: [{ image: 'a' }] }), ['spec.containers[0].name: Required value']],
    ['a bad name', pod({ containers: [{ name: 'C_1', image: 'a' }] }), [`spec.containers[0].name: Invalid value: "C_1": ${label1123}`]],
    ['the same name twice', pod({ containers: [container, container] }), ['spec.containers[1].name: Duplicate value: "c"']],
    ['an init container of the same name', pod({ initContainers: [container] }), ['spec.initContainers[0].name: Duplicate value: "c"']],
    ['a port out of range', withContainer({ ports: [{ containerPort: 70_000 }] }), ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive']],
    ['no port', withContainer({ ports: [{ name: 'a' }] }), ['spec.containers[0].ports[0].containerPort: Required value']],
    ['a protocol', withContainer({ ports: [{ containerPort: 1, protocol: 'tcp' }] }), ['spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"']],
    ['a long port name', withContainer({ ports: [{ containerPort: 1, name: 'a-very-long-port-name' }] }), ['spec.containers[0].ports[0].name: Invalid value: "a-very-long-port-name": must be no more than 15 bytes']],
    ['more asked than allowed', withContainer({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }), ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1']],
    ['a negative amount', withContainer({ resources: { limits: { memory: '-1' } } }), [
      'spec.containers[0].resources.limits[memory]: Invalid value: "-1": must be greater than or equal to 0', 'spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0']],
    ['an unknown resource', withContainer({ resources: { requests: { gpu: '1' } } }), [
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified', 'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers']],
    ['half a GPU', withContainer({ resources: { limits: { 'nvidia.com/gpu': '500m' } } }), [
      'spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer', 'spec.containers[0].resources.requests[nvidia.com/gpu]: Invalid value: "500m": must be an integer']],
    ['a pull policy', withContainer({ imagePullPolicy: 'Sometimes' }), ['spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"']],
    ['no variable name', withContainer({ env: [{ value: 'x' }] }), ['spec.containers[0].env[0].name: Required value']],
    ['two sources', withContainer({ env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }), ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty']],
    ['an unknown field', withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.foo' } } }] }), [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "spec.foo": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"']],
    ['a mount without its volume', withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }), ['spec.containers[0].volumeMounts[0].name: Not found: "v"']],
    ['two mounts at a path', withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v' }, { name: 'v', mountPath: '/v' }] }, { volumes: [{ name: 'v' }] }), [
      'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/v": must be unique']],
    ['two volumes of a name', pod({ volumes: [{ name: 'v' }, { name: 'v' }] }), ['spec.volumes[1].name: Duplicate value: "v"']],
    ['two kinds of volume', pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] }), ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type']],
    ['a ConfigMap without a name', pod({ volumes: [{ name: 'v', configMap: {} }] }), ['spec.volumes[0].configMap.name: Required value']],
    ['a mode in decimal', pod({ volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: 644 } }] }), ['spec.volumes[0].secret.defaultMode: Invalid value: 644: must be a number between 0 and 0777 (octal), both inclusive']],
    ['a restart policy of a container', withContainer({ restartPolicy: 'Maybe' }), ['spec.containers[0].restartPolicy: Unsupported value: "Maybe": supported values: "Always", "Never", "OnFailure"']],
    ['a restart policy', pod({ restartPolicy: 'Sometimes' }), ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"']],
    ['a probe without a handler', withContainer({ livenessProbe: { periodSeconds: 3 } }), ['spec.containers[0].livenessProbe: Required value: must specify a handler type']],
    ['a probe with two', withContainer({ livenessProbe: { exec: { command: ['a'] }, httpGet: { port: 80 } } }), ['spec.containers[0].livenessProbe.httpGet: Forbidden: may not specify more than 1 handler type']],
    ['a liveness probe that must succeed twice', withContainer({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }), ['spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1']],
    ['a probe on an init container', pod({ initContainers: [{ name: 'i', image: 'a', readinessProbe: { tcpSocket: { port: 1 } } }] }), ['spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always']],
    ['a probe on a sidecar', pod({ initContainers: [{ name: 'i', image: 'a', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 1 } } }] }), []],
    ['a toleration without a key', pod({ tolerations: [{ value: 'x' }] }), ['spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"']],
    ['a toleration that ends', pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 3 }] }), ["spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set"]],
    ['a toleration operator', pod({ tolerations: [{ key: 'a', operator: 'Maybe' }] }), ['spec.tolerations[0].operator: Unsupported value: "Maybe": supported values: "Equal", "Exists"']],
    ['a node affinity operator', pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Is', values: ['b'] }] }] } } } }), [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator']],
    ['an affinity without a topology', pod({ affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 200, podAffinityTerm: { topologyKey: 'a' } }] } } }), [
      'spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 200: must be in the range 1-100']],
    ['a skew of nothing', pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' }] }), ['spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero']],
    ['two containers on one host port', pod({ containers: [{ ...container, ports: [{ containerPort: 1, hostPort: 80 }] }, { name: 'd', image: 'a', ports: [{ containerPort: 2, hostPort: 80 }] }] }), [
      'spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"']],
    ['an ephemeral container at once', pod({ ephemeralContainers: [{ name: 'e', image: 'a' }] }), ['spec.ephemeralContainers: Forbidden: cannot be set on create']],
    ['a node while gated', pod({ nodeName: 'n', schedulingGates: [{ name: 'a' }] }), ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared']],
    ['blanks around the image', pod({ containers: [{ name: 'c', image: ' a' }] }), ['spec.containers[0].image: Invalid value: " a": must not have leading or trailing whitespace']],
  ])('%s', (_title, given, wanted) => expect(refusals('Pod', given)).toEqual(wanted));

  test.each<[string, Loose, Loose, string[]]>([
    ['another image', pod({}), pod({ containers: [{ name: 'c', image: 'nginx:2' }] }), []],
    ['one more toleration', pod({}), pod({ tolerations: [{ operator: 'Exists' }] }), []],
    ['one toleration less', pod({ tolerations: [{ operator: 'Exists' }] }), pod({}), ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds']],
    ['a toleration that ends sooner', pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 9 }] }), pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 3 }] }), []],
    ['another container', pod({}), pod({ containers: [container, { name: 'd', image: 'a' }] }), ['spec.containers: Forbidden: pod updates may not add or remove containers']],
    ['a later deadline', pod({ activeDeadlineSeconds: 5 }), pod({ activeDeadlineSeconds: 9 }), ['spec.activeDeadlineSeconds: Invalid value: 9: must be less than or equal to previous value']],
    ['no deadline any more', pod({ activeDeadlineSeconds: 5 }), pod({}), ['spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value']],
    ['a gate more', pod({ schedulingGates: [{ name: 'a' }] }), pod({ schedulingGates: [{ name: 'b' }] }), ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"]],
    ['a narrower selector while gated', pod({ schedulingGates: [{ name: 'a' }] }), pod({ schedulingGates: [{ name: 'a' }], nodeSelector: { x: 'y' } }), []],
  ])('changed: %s', (_title, old, next, wanted) => expect(changeRefusals('Pod', old, next)).toEqual(wanted));

  test('changed: the famous refusal, with what changed', () => {
    expect(changeRefusals('Pod', pod({ nodeName: 'a' }), pod({ nodeName: 'b', hostname: 'h' }))).toEqual([[
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,'
        + '`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
      '  core.PodSpec{', '  \t... // 1 identical fields', '- \tNodeName: "a",', '+ \tNodeName: "b",', '  \t... // 6 identical fields',
      '- \tHostname: "",', '+ \tHostname: "h",', '  }', '',
    ].join('\n')]);
  });

  test('a binding names a node', () => {
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'x' } } as const;
    expect(validateBinding({ ...binding, target: { kind: 'Node', name: 'n' } })).toEqual([]);
    expect(validateBinding({ ...binding, target: { kind: 'Pod' } }).map(formatFieldError)).toEqual(['target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"', 'target.name: Required value']);
  });
});

describe('Deployments and ReplicaSets', () => {
  const mismatch = 'spec.template.metadata.labels: Invalid value: {"app":"api"}: `selector` does not match template `labels`';
  test.each<[string, Loose, string[]]>([
    ['all is well', workload(), []],
    ['no selector', workload({ selector: undefined }), ['spec.selector: Required value', 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`']],
    ['an empty selector', workload({ selector: {} }), ['spec.selector: Invalid value: {}: empty selector is invalid for deployment']],
    ['other labels', workload({}, { app: 'api' }), [mismatch]],
    ['fewer than none', workload({ replicas: -1 }), ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
    ['no rolling at all', workload({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }), ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0']],
    ['more than all', workload({ strategy: { rollingUpdate: { maxUnavailable: '120%' } } }), ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "120%": must not be greater than 100%']],
    ['half a percentage', workload({ strategy: { rollingUpdate: { maxSurge: '5' } } }), ["spec.strategy.rollingUpdate.maxSurge: Invalid value: \"5\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"]],
    ['rolling and recreating', workload({ strategy: { type: 'Recreate', rollingUpdate: {} } }), ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"]],
    ['a deadline too near', workload({ minReadySeconds: 600 }), ['spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds']],
    ['Pods that end', workload({ template: { metadata: { labels: { app: 'web' } }, spec: { restartPolicy: 'Never', containers: [container] } } }), ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"']],
    ['a template without containers', workload({ template: { metadata: { labels: { app: 'web' } }, spec: {} } }), ['spec.template.spec.containers: Required value']],
  ])('%s', (_title, given, wanted) => expect(refusals('Deployment', given)).toEqual(wanted));
  test('a ReplicaSet asks the same of its template', () => expect(refusals('ReplicaSet', workload({}, { app: 'api' }))).toEqual([mismatch]));
  test('a strategy that is none', () => expect(refusals('Deployment', workload({ strategy: { type: 'Blue' } }))).toEqual([
    'spec.strategy: Unsupported value: {"Type":"Blue","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"']));
  test.each<ModelledKind>(['Deployment', 'ReplicaSet'])('the selector of a %s is for life', (kind) => {
    const next = { spec: { selector: { matchLabels: { app: 'api' } }, template: { metadata: { labels: { app: 'api' } }, spec: { containers: [container] } } } };
    expect(changeRefusals(kind, workload(), next)).toEqual(['spec.selector: Invalid value: {"matchLabels":{"app":"api"}}: field is immutable']);
    expect(changeRefusals(kind, workload(), workload({ replicas: 5 }))).toEqual([]);
  });
});

describe('Services', () => {
  const service = (spec: Loose): Loose => ({ spec: { ports: [{ port: 80 }], ...spec } });
  test.each<[string, Loose, string[]]>([
    ['all is well', service({}), []],
    ['no ports', service({ ports: [] }), ['spec.ports: Required value']],
    ['headless needs none', service({ ports: [], clusterIP: 'None' }), []],
    ['two ports without names', service({ ports: [{ port: 80 }, { port: 81 }] }), ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value']],
    ['two ports of a name', service({ ports: [{ name: 'a', port: 80 }, { name: 'a', port: 81 }] }), ['spec.ports[1].name: Duplicate value: "a"']],
    ['a port twice', service({ ports: [{ name: 'a', port: 80 }, { name: 'b', port: 80 }] }), ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}']],
    ['a port out of range', service({ ports: [{ port: 0 }] }), [
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive', 'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive']],
    ['a node port without the type', service({ ports: [{ port: 80, nodePort: 30_000 }] }), ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]],
    ['an unknown type', service({ type: 'Public' }), ['spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"']],
    ['a name that starts with a digit', { ...service({}), metadata: { name: '1a' } }, [expect.stringMatching(/^metadata\.name: Invalid value: "1a": a DNS-1035 label must consist/) as unknown as string]],
    ['a bad selector', service({ selector: { 'a b': 'c' } }), [expect.stringMatching(/^spec\.selector: Invalid value: "a b": name part/) as unknown as string]],
    ['an external name without a name', service({ type: 'ExternalName' }), ['spec.externalName: Required value']],
    ['an address that is none', service({ clusterIP: '10.0.0' }), ['spec.clusterIPs[0]: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['an external policy inside', service({ externalTrafficPolicy: 'Local' }), ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services']],
  ])('%s', (_title, given, wanted) => expect(refusals('Service', given)).toEqual(wanted));
  test('the address is for life', () => {
    const at = (address: string): Loose => service({ clusterIP: address, clusterIPs: [address] });
    expect(changeRefusals('Service', at('10.96.0.9'), at('10.96.0.8'))).toEqual(['spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set']);
    expect(changeRefusals('Service', at('10.96.0.9'), service({}))).toEqual(['spec.clusterIPs[0]: Invalid value: null: primary clusterIP can not be unset']);
    expect(changeRefusals('Service', at('10.96.0.9'), service({ type: 'ExternalName', externalName: 'a.b' }))).toEqual([]);
  });
});

describe('the others', () => {
  test.each<[ModelledKind, string, Loose, string[]]>([
    ['Node', 'a taint without an effect', { spec: { taints: [{ key: 'a' }] } }, ['metadata.taints[0].effect: Required value']],
    ['Node', 'an unknown effect', { spec: { taints: [{ key: 'a', effect: 'Never' }] } }, ['metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"']],
    ['Node', 'a taint twice', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }, { key: 'a', value: 'b', effect: 'NoSchedule' }] } }, [
      'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"b","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair']],
    ['Namespace', 'a dot', { metadata: { name: 'a.b' } }, ['metadata.name: Invalid value: "a.b": must not contain dots']],
    ['ConfigMap', 'a bad key', { data: { 'a b': '' } }, ["data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"]],
    ['ConfigMap', 'a key in both', { data: { a: '' }, binaryData: { a: '' } }, ['data[a]: Invalid value: "a": duplicate of key present in binaryData']],
    ['ConfigMap', 'too much', { data: { a: 'x'.repeat(1024 * 1024 + 1) } }, ['[]: Too long: may not be more than 1048576 bytes']],
    ['Secret', 'TLS without its parts', { type: 'kubernetes.io/tls' }, ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
    ['Lease', 'no duration', { spec: { leaseDurationSeconds: 0 } }, ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0']],
    ['EndpointSlice', 'no type', {}, ['addressType: Required value']],
    ['EndpointSlice', 'a loopback', { addressType: 'IPv4', endpoints: [{ addresses: ['127.0.0.1'] }] }, ['endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)']],
    ['EndpointSlice', 'no address', { addressType: 'IPv4', endpoints: [{ addresses: [] }] }, ['endpoints[0].addresses: Required value: must contain at least 1 address']],
    ['Event', 'of another namespace', { involvedObject: { namespace: 'other' } }, ['involvedObject.namespace: Invalid value: "other": does not match event.namespace']],
  ])('%s: %s', (kind, _title, given, wanted) => expect(refusals(kind, given)).toEqual(wanted));

  test('sealed data stays', () => {
    const sealed = 'Forbidden: field is immutable when `immutable` is set';
    expect(changeRefusals('ConfigMap', { immutable: true, data: { a: '1' } }, { data: { a: '2' } })).toEqual([`immutable: ${sealed}`, `data: ${sealed}`]);
    expect(changeRefusals('Secret', { type: 'Opaque' }, { type: 'mine/own' })).toEqual(['type: Invalid value: "mine/own": field is immutable']);
  });
  test('a node keeps its range and its machine', () => {
    expect(changeRefusals('Node', { spec: { podCIDRs: ['10.0.0.0/24'], providerID: 'a' } }, { spec: { podCIDRs: ['10.0.1.0/24'], providerID: 'b' } })).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid', 'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid']);
    expect(changeRefusals('Node', {}, { spec: { podCIDRs: ['10.0.1.0/24'], unschedulable: true } })).toEqual([]);
  });
});
