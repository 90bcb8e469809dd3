/** The Node object: registered once, then kept true. Models pkg/kubelet/kubelet_node_status.go and pkg/kubelet/nodestatus/setters.go. */
import type { Node, NodeCondition, NodeStatus } from '../../kubernetes/api/index.ts';
import { createTwoWayMergePatch, deepEqual, formatTime, type PatchMetaOf } from '../../kubernetes/apimachinery/index.ts';
import { lister, recordEvent, type ClientNews } from '../../kubernetes/client-go/index.ts';
import type { StatusResponse } from '../../kubernetes/protocols/cri.ts';
import { request, setTimer } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import type { KubeletInput, KubeletState, NodeRecord, Turn } from './kubelet-state.ts';
import { allocatable } from './node-resources.ts';
import { callApi } from './report-status.ts';

export const kubeletVersion = 'v1.36.0';
const updateEveryUs = 10_000_000;
const reportEveryUs = 300_000_000;
const checkRuntimeEveryUs = 5_000_000;
const runtimeDownAfterUs = 30_000_000;
const longestRegisterBackOffUs = 7_000_000;

/** The tag of an API call about the Node. */
export interface NodeCallTag { readonly node: 'register' | 'find' | 'patch' }
type Answer = Extract<ClientNews, { type: 'answer' }>;

const set = (at: Turn, change: Partial<NodeRecord>): void => { at.state = { ...at.state, node: { ...at.state.node, ...change } }; };

/** Is the runtime up? Asked every 5 seconds. Models updateRuntimeUp. */
export function checkRuntime(at: Turn): void {
  const { state } = at;
  at.state = { ...state, nextCall: state.nextCall + 1 };
  at.effects.push(
    request(`node/${state.nextCall}`, state.input.runtime, { type: 'cri.Status', body: {}, background: true }, { timeoutUs: 4_000_000 }),
    setTimer('runtimeCheck', checkRuntimeEveryUs, { background: true }),
  );
}

export function runtimeChecked(at: Turn, event: ProcessEvent): void {
  const { runtimeReady, networkReady } = event.body as StatusResponse;
  const wasReady = notReady(at.state, at.env.nowUs) === undefined;
  set(at, { runtimeOkAtUs: runtimeReady ? at.env.nowUs : at.state.node.runtimeOkAtUs, networkReady });
  // Models fastStatusUpdateOnce: the first time the node turns ready nobody waits for the next round.
  if (!wasReady && at.state.node.registered) updateNodeStatus(at);
}

/** Why the node is not ready, or undefined. */
export function notReady({ node }: KubeletState, nowUs: number): string | undefined {
  if (node.runtimeOkAtUs < 0) return 'container runtime status check may not have completed yet';
  if (nowUs - node.runtimeOkAtUs > runtimeDownAfterUs) return 'container runtime is down';
  return node.networkReady ? undefined : 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
}

/** Models registerWithAPIServer: POST; a Node that is there already is taken over. */
export function registerNode(at: Turn): void {
  const { input } = at.state;
  const labels = {
    'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': input.node, 'kubernetes.io/os': 'linux',
    ...input.labels,
  };
  const body: Node = {
    apiVersion: 'v1', kind: 'Node',
    metadata: { name: input.node, labels, annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' } },
    spec: input.taints.length === 0 ? {} : { taints: input.taints },
    // The first status comes before the first word of the runtime: a node begins not ready.
    status: nodeStatus({ ...at.state, node: { ...at.state.node, runtimeOkAtUs: -1 } }, undefined, at.env.nowUs),
  };
  set(at, { asking: true });
  callApi(at, { verb: 'create', group: '', version: 'v1', resource: 'nodes', body }, { node: 'register' } satisfies NodeCallTag, at.env.eventId);
}

export function nodeAnswered(at: Turn, { node: made }: NodeCallTag, answer: Answer): void {
  const { node } = at.state;
  const name = at.state.input.node;
  if (answer.ok) {
    const first = !node.registered;
    set(at, { asking: false, registered: true, node: answer.body as Node, registerBackOffUs: 0, ...(made === 'patch' ? { reportedAtUs: at.env.nowUs } : {}) });
    if (first) {
      at.effects.push(setTimer('nodeStatus', updateEveryUs, { background: true }));
      updateNodeStatus(at);
    } else if (made === 'find') updateNodeStatus(at);
    return;
  }
  set(at, { asking: false });
  if (made === 'patch') {
    // The Node was deleted behind our back: register again at the next round, as upstream's kubelet does after its restart only.
    if (answer.code === 404) set(at, { registered: true, node: undefined });
    return;
  }
  if (made === 'register' && answer.code === 409) {
    callApi(at, { verb: 'get', group: '', version: 'v1', resource: 'nodes', name }, { node: 'find' } satisfies NodeCallTag, at.env.eventId);
    return;
  }
  const backOff = Math.min(node.registerBackOffUs === 0 ? 100_000 : node.registerBackOffUs * 2, longestRegisterBackOffUs);
  set(at, { registerBackOffUs: backOff });
  at.effects.push(setTimer('registerAgain', backOff, { background: node.registerBackOffUs > 1_000_000 }));
}

/** Every 10 seconds: compute the status; send it if it changed or was not sent for 5 minutes. Models updateNodeStatus. */
export function nodeStatusDue(at: Turn): void {
  at.effects.push(setTimer('nodeStatus', updateEveryUs, { background: true }));
  updateNodeStatus(at);
}

function updateNodeStatus(at: Turn): void {
  const { node, input } = at.state;
  if (node.asking) return;
  const heard = lister(at.state.client, 'nodes').get('', input.node);
  const current = newest(heard, node.node);
  if (current === undefined) return;
  const status = nodeStatus(at.state, current.status, at.env.nowUs);
  const changed = statusChanged(current.status, status);
  if (!changed && at.env.nowUs - node.reportedAtUs < reportEveryUs) return;
  const ready = status.conditions!.at(-1)!.status;
  if (current.status?.conditions?.find(({ type }) => type === 'Ready')?.status !== ready) {
    const reason = ready === 'True' ? 'NodeReady' : 'NodeNotReady';
    reportNode(at, reason, `Node ${input.node} status is now: ${reason}`);
  }
  const body = createTwoWayMergePatch({ status: current.status ?? {} }, { status }, patchMetaOf);
  set(at, { asking: true });
  callApi(at, { verb: 'patch', group: '', version: 'v1', resource: 'nodes', subresource: 'status', name: input.node, body, patchType: 'application/strategic-merge-patch+json' }, { node: 'patch' } satisfies NodeCallTag, at.env.eventId, !changed);
}

/** An Event about the node. Upstream's reference to it has the node's name for a uid. */
export function reportNode(at: Turn, reason: string, message: string): void {
  const { node } = at.state.input;
  const regarding = { apiVersion: 'v1', kind: 'Node', metadata: { name: node, uid: node } };
  const [client, effects] = recordEvent(at.state.client, at.env, { regarding, type: 'Normal', reason, message, component: 'kubelet', host: node, as: 'events' });
  at.state = { ...at.state, client };
  at.effects.push(...effects);
}

/** The informer may lag behind the answer to our own last patch. */
function newest(heard: Node | undefined, answered: Node | undefined): Node | undefined {
  if (heard === undefined || answered === undefined || heard.metadata.uid !== answered.metadata.uid) return heard ?? answered;
  return Number(heard.metadata.resourceVersion) >= Number(answered.metadata.resourceVersion) ? heard : answered;
}

const patchMetaOf: PatchMetaOf = (path) =>
  path === 'status.conditions' || path === 'status.addresses' ? { strategies: ['merge'], mergeKey: 'type' } : undefined;

/** Heartbeat times alone are no change. Models nodeStatusHasChanged. */
function statusChanged(old: NodeStatus | undefined, status: NodeStatus): boolean {
  if (old === undefined) return true;
  const bare = (conditions: readonly NodeCondition[] = []) => conditions.map(({ lastHeartbeatTime: _time, ...rest }) => rest);
  return !deepEqual({ ...old, conditions: bare(old.conditions) }, { ...status, conditions: bare(status.conditions) });
}

/** The whole status as it stands now. */
export function nodeStatus(state: KubeletState, old: NodeStatus | undefined, nowUs: number): NodeStatus {
  const { input, node } = state;
  const why = notReady(state, nowUs);
  const now = formatTime(nowUs);
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string): NodeCondition => {
    const before = old?.conditions?.find((one) => one.type === type);
    return { type, status, lastHeartbeatTime: now, lastTransitionTime: before?.status === status ? before.lastTransitionTime : now, reason, message };
  };
  const kept = (old?.conditions ?? []).filter(({ type }) => !own.has(type));
  // Images that were reported before this kubelet started are still on the disk.
  const before = (old?.images ?? []).filter(({ names }) => !node.images.has(names?.[0] ?? '')).map(({ names, sizeBytes }) => ({ names: names ?? [], sizeBytes: sizeBytes ?? 0 }));
  const images = [...before, ...[...node.images].map(([name, sizeBytes]) => ({ names: [name], sizeBytes }))]
    .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.names[0]! < b.names[0]! ? -1 : 1)).slice(0, 50);
  return {
    ...old,
    ...resourcesOf(input.capacity, old),
    conditions: [
      ...kept,
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      why === undefined ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status') : condition('Ready', 'False', 'KubeletNotReady', why),
    ],
    addresses: [{ type: 'InternalIP', address: input.nodeIp }, { type: 'Hostname', address: input.node }],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: nodeInfo(input.node),
    ...(images.length === 0 ? {} : { images }),
  };
}

/** Extended resources are said to the API by others; what there is of one may be used. Models nodestatus/setters.go: MachineInfo. */
function resourcesOf(capacity: KubeletInput['capacity'], old: NodeStatus | undefined): Pick<NodeStatus, 'capacity' | 'allocatable'> {
  const extended = Object.entries(old?.capacity ?? {}).filter(([name]) => name.includes('/') && !name.includes('kubernetes.io/') && capacity[name] === undefined);
  if (extended.length === 0) return { capacity, allocatable: allocatable(capacity) };
  const added = Object.fromEntries(extended);
  return { capacity: { ...capacity, ...added }, allocatable: { ...allocatable(capacity), ...added } };
}

const own = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']);

/** 32 hexadecimal digits that are always the same for a machine. */
function machineId(name: string): string {
  let hash = 0x811c9dc5;
  let text = '';
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i) ^ round, 0x01000193);
    text += (hash >>> 0).toString(16).padStart(8, '0');
  }
  return text;
}

function nodeInfo(name: string): NonNullable<NodeStatus['nodeInfo']> {
  const id = machineId(name);
  const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
  return {
    machineID: id, systemUUID: uuid, bootID: uuid, kernelVersion: '6.12.48+deb13-amd64', osImage: 'Debian GNU/Linux 13 (trixie)',
    containerRuntimeVersion: 'containerd://2.2.0', kubeletVersion, kubeProxyVersion: '', operatingSystem: 'linux', architecture: 'amd64',
  };
}
