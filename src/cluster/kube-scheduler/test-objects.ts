/** Small Nodes and Pods for the tests of this folder. */
import type { Node, Pod, PodSpec, Taint } from '../../kubernetes/api/index.ts';

export const controlPlaneTaint: Taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

export interface NodeOptions { readonly cpu?: string; readonly memory?: string; readonly pods?: string; readonly taints?: readonly Taint[]; readonly labels?: Record<string, string>; readonly unschedulable?: boolean }

export function makeNode(name: string, { cpu = '4', memory = '8Gi', pods = '110', taints, labels, unschedulable }: NodeOptions = {}): Node {
  return {
    apiVersion: 'v1', kind: 'Node', metadata: { name, uid: `uid-${name}`, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { ...(taints === undefined ? {} : { taints }), ...(unschedulable === undefined ? {} : { unschedulable }) },
    status: { allocatable: { cpu, memory, pods, 'ephemeral-storage': '100Gi' } },
  };
}

export function makePod(name: string, requests: Record<string, string> = {}, spec: Partial<PodSpec> = {}): Pod {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', uid: `uid-${name}`, generation: 1, resourceVersion: '1' },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests } }], schedulerName: 'default-scheduler', ...spec },
  };
}
