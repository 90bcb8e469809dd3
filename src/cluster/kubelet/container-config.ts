/** A container's variables, command and args as the runtime gets them. Models pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables. */
import type { Container, EnvVar, Pod } from '../../kubernetes/api/index.ts';
import { bytes, cpuMillis } from '../../kubernetes/apimachinery/index.ts';
import type { ContainerConfig } from '../../kubernetes/protocols/cri.ts';
import { expand } from './expansion.ts';
import type { Turn } from './kubelet-state.ts';
import { subPathOf } from './sub-paths.ts';
import { dataOf } from './volumes.ts';

export type ConfigResult = { readonly ok: true; readonly config: ContainerConfig } | { readonly ok: false; readonly message: string };

/** The configuration of one container; it fails where a ConfigMap, a Secret or a key that is not optional is missing. */
export function containerConfig(at: Turn, pod: Pod, container: Container, attempt: number, podIp: string): ConfigResult {
  const values = new Map<string, string>();
  const unset = fillVariables(at, pod, container, podIp, values);
  if (unset !== undefined) return { ok: false, message: unset };
  for (const mount of container.volumeMounts ?? []) {
    const begins = subPathOf(mount, values);
    if ('error' in begins) return { ok: false, message: begins.error };
  }
  const user = container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
  const config: ContainerConfig = {
    name: container.name, attempt, image: container.image ?? '',
    command: (container.command ?? []).map((word) => expand(word, values)), args: (container.args ?? []).map((word) => expand(word, values)),
    env: [...values].map(([name, value]) => ({ name, value })),
    ...(container.stdin === true && { stdin: true as const }), ...(container.tty === true && { tty: true as const }),
    ...(container.workingDir !== undefined && { workingDir: container.workingDir }),
    ...(user !== undefined && { user }),
    ...limitsOf(container),
  };
  return { ok: true, config };
}

/** Puts the container's variables into `values`, in their order; says what is missing. */
function fillVariables(at: Turn, pod: Pod, container: Container, podIp: string, values: Map<string, string>): string | undefined {
  const namespace = pod.metadata.namespace ?? 'default';
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    if (reference?.name === undefined) continue;
    const data = dataOf(at, namespace, configMapRef !== undefined ? 'configmaps' : 'secrets', reference.name);
    if (data === undefined && reference.optional !== true) return `${configMapRef !== undefined ? 'configmap' : 'secret'} "${reference.name}" not found`;
    for (const [key, value] of Object.entries(data ?? {})) values.set(prefix + key, value);
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(at, pod, container, variable, podIp);
    if (typeof value === 'object') return value.error;
    if (value !== undefined) values.set(variable.name, variable.valueFrom === undefined ? expand(value, values) : value);
  }
  return undefined;
}

/** A container's variables by name, as far as they can be known. */
export function variablesOf(at: Turn, pod: Pod, container: Container, podIp: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  fillVariables(at, pod, container, podIp, values);
  return values;
}

const quotaPeriodUs = 100_000;
const leastQuotaUs = 1_000;

/** Models pkg/kubelet/kuberuntime/kuberuntime_container_linux.go: calculateLinuxResources, and pkg/kubelet/cm/helpers_linux.go: MilliCPUToQuota. */
export function limitsOf({ resources }: Container): Pick<ContainerConfig, 'linux'> {
  const { cpu, memory } = resources?.limits ?? {};
  if (cpu === undefined && memory === undefined) return {};
  return {
    linux: {
      resources: {
        ...(cpu !== undefined && cpuMillis(cpu) > 0 && { cpuQuota: Math.max(leastQuotaUs, (cpuMillis(cpu) * quotaPeriodUs) / 1000) }),
        ...(memory !== undefined && bytes(memory) > 0 && { memoryLimitInBytes: bytes(memory) }),
      },
    },
  };
}

function variableValue(at: Turn, pod: Pod, container: Container, { value, valueFrom }: EnvVar, podIp: string): string | undefined | { readonly error: string } {
  if (valueFrom === undefined) return value ?? '';
  if (valueFrom.fieldRef !== undefined) return fieldValue(pod, valueFrom.fieldRef.fieldPath, podIp, at.state.input);
  if (valueFrom.resourceFieldRef !== undefined) return resourceValue(pod, container, valueFrom.resourceFieldRef);
  const reference = valueFrom.configMapKeyRef ?? valueFrom.secretKeyRef;
  if (reference?.name === undefined) return '';
  const isMap = valueFrom.configMapKeyRef !== undefined;
  const namespace = pod.metadata.namespace ?? 'default';
  const data = dataOf(at, namespace, isMap ? 'configmaps' : 'secrets', reference.name);
  const found = data?.[reference.key];
  if (found !== undefined || reference.optional === true) return found;
  if (data === undefined) return { error: `${isMap ? 'configmap' : 'secret'} "${reference.name}" not found` };
  return { error: `couldn't find key ${reference.key} in ${isMap ? 'ConfigMap' : 'Secret'} ${namespace}/${reference.name}` };
}

export function fieldValue(pod: Pod, path: string, podIp: string, input: { readonly node: string; readonly nodeIp: string }): string {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (subscript !== null) return pod.metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  switch (path) {
    case 'metadata.name': return pod.metadata.name;
    case 'metadata.namespace': return pod.metadata.namespace ?? 'default';
    case 'metadata.uid': return pod.metadata.uid ?? '';
    case 'spec.nodeName': return input.node;
    case 'spec.serviceAccountName': return pod.spec.serviceAccountName ?? 'default';
    case 'status.hostIP': case 'status.hostIPs': return input.nodeIp;
    case 'status.podIP': case 'status.podIPs': return podIp;
    default: return '';
  }
}

export function resourceValue(pod: Pod, own: Container, { containerName, resource }: { readonly containerName?: string; readonly resource: string }): string {
  const container = containerName === undefined ? own : pod.spec.containers.find(({ name }) => name === containerName) ?? own;
  const [group, name = ''] = resource.split('.') as ['limits' | 'requests', string];
  const amount = container.resources?.[group]?.[name];
  if (amount === undefined) return '0';
  return name === 'cpu' ? String(Math.ceil(cpuMillis(amount) / 1000)) : String(bytes(amount));
}
