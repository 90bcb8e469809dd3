/**
 * Another amount of CPU and memory for containers that run. Models pkg/kubelet/allocation/allocation_manager.go (may it be given?) and
 * pkg/kubelet/kuberuntime/kuberuntime_manager.go: computePodResizeAction, doPodResizeAction (giving it).
 */
import type { Container, Pod, PodCondition, ResourceList, ResourceRequirements } from '../../kubernetes/api/index.ts';
import { compareQuantities } from '../../kubernetes/apimachinery/quantity.ts';
import { bytes, cpuMillis, formatTime } from '../../kubernetes/apimachinery/index.ts';
import { update, workerOf, type PodWorker, type ResizeAction, type Turn } from './kubelet-state.ts';
import { allocatable } from './node-resources.ts';
import { isSidecar, requestsOf } from './pod-requests.ts';
import { latest } from './pod-runtime.ts';
import { report } from './report-status.ts';

const resizable = ({ spec }: Pod): readonly Container[] => [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers];
const sizesOf = (pod: Pod): { readonly [container: string]: ResourceRequirements } => Object.fromEntries(resizable(pod).map(({ name, resources = {} }) => [name, resources]));
const sameAmounts = (a: ResourceList = {}, b: ResourceList = {}): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, amount]) => b[name] !== undefined && compareQuantities(amount, b[name]) === 0);
const sameSize = (a: ResourceRequirements = {}, b: ResourceRequirements = {}): boolean => a === b || (sameAmounts(a.requests, b.requests) && sameAmounts(a.limits, b.limits));
const sameSizes = (a: Pod, b: Pod): boolean => {
  const others = sizesOf(b);
  return resizable(a).every(({ name, resources }) => sameSize(resources, others[name]));
};

/** The Pod with the sizes that another has. Models UpdatePodFromAllocation. */
function sizedAs(pod: Pod, sizes: Pod): Pod {
  const given = sizesOf(sizes);
  const sized = (list: readonly Container[]): readonly Container[] => list.map((one) => (given[one.name] === undefined || one.resources === given[one.name] ? one : { ...one, resources: given[one.name]! }));
  const { containers, initContainers } = pod.spec;
  return { ...pod, spec: { ...pod.spec, containers: sized(containers), ...(initContainers !== undefined && { initContainers: sized(initContainers) }) } };
}

/** The Pod as its worker is to have it: with the sizes that were allocated, as long as others are only wished for. */
export function allocatedPod({ pod: known, resize }: PodWorker, pod: Pod): Pod {
  if (pod.spec.containers === known.spec.containers || (resize?.wanted === undefined && (pod.metadata.generation === known.metadata.generation || sameSizes(pod, known)))) return pod;
  return sizedAs(pod, known);
}

/** Somebody asks for other sizes, or no longer does. True where the Pod has something to do about it. */
export function considerResize(at: Turn, uid: string, wanted: Pod): boolean {
  const worker = workerOf(at, uid)!;
  if (worker.stage !== 'syncing') return false;
  if (sameSizes(wanted, worker.pod)) {
    if (worker.resize?.wanted === undefined) return false;
    const { wanted: _wanted, pending: _pending, ...kept } = worker.resize;
    update(at, uid, { resize: kept, pod: wanted });
    waitForRoom(at, uid, false);
    return true;
  }
  const refusal = refusalOf(at, worker, wanted);
  const generation = wanted.metadata.generation ?? 0;
  if (refusal !== undefined) {
    const before = worker.resize?.pending;
    const pending = condition(at, before, 'PodResizePending', generation, refusal.reason, refusal.message);
    update(at, uid, { resize: { ...worker.resize, wanted, pending } });
    waitForRoom(at, uid, refusal.reason === 'Deferred');
    if (before === undefined || before.reason !== pending.reason || before.message !== pending.message || before.observedGeneration !== generation) {
      report(at, worker, 'Warning', `Resize${refusal.reason}`, summary(`Pod resize ${refusal.reason}`, wanted, refusal.message));
    }
    return true;
  }
  const actuated = { ...sizesOf(worker.pod), ...worker.resize?.actuated };
  const inProgress = condition(at, undefined, 'PodResizeInProgress', generation);
  report(at, update(at, uid, { pod: wanted, resize: { actuated, inProgress } }), 'Normal', 'ResizeStarted', summary('Pod resize started', wanted));
  waitForRoom(at, uid, false);
  // It may have become smaller.
  retryDeferred(at);
  return true;
}

function waitForRoom(at: Turn, uid: string, waits: boolean): void {
  const { awaitRoom } = at.state;
  if (awaitRoom.has(uid) !== waits) at.state = { ...at.state, awaitRoom: waits ? awaitRoom.add(uid) : awaitRoom.delete(uid) };
}

/** Room may have come: who waits for it is asked again, and syncs after the next look at the runtime. Models retryPendingResizes. */
export function retryDeferred(at: Turn): void {
  for (const uid of at.state.awaitRoom) {
    const wanted = workerOf(at, uid)?.resize?.wanted;
    if (wanted === undefined) waitForRoom(at, uid, false);
    else if (considerResize(at, uid, wanted)) at.state = { ...at.state, awaitRelist: at.state.awaitRelist.add(uid) };
  }
}

/** Models pkg/kubelet/allocation/handlers.go and lifecycle/predicate.go: never on this node, or not now. */
function refusalOf({ state }: Turn, { pod }: PodWorker, wanted: Pod): { readonly reason: 'Infeasible' | 'Deferred'; readonly message: string } | undefined {
  const [asked, has] = [requestsOf(wanted), requestsOf(pod)];
  const free = allocatable(state.input.capacity);
  const whole = { cpu: cpuMillis(free.cpu), memory: bytes(free.memory) };
  for (const resource of ['memory', 'cpu'] as const) {
    if (asked[resource] > whole[resource]) return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${resource}, requested: ${asked[resource]}, capacity: ${whole[resource]}` };
  }
  for (const resource of ['cpu', 'memory'] as const) {
    const used = state.claimed[resource] - has[resource];
    if (asked[resource] > whole[resource] - used) return { reason: 'Deferred', message: `Node didn't have enough resource: ${resource}, requested: ${asked[resource]}, used: ${used}, capacity: ${whole[resource]}` };
  }
  return undefined;
}

function condition(at: Turn, before: PodCondition | undefined, type: string, observedGeneration: number, reason?: string, message?: string): PodCondition {
  const lastTransitionTime = before?.lastTransitionTime ?? formatTime(at.env.nowUs);
  return { type, observedGeneration, status: 'True', lastTransitionTime, ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) };
}

/** Models pkg/kubelet/events/resize_event.go: podResizeMessage. */
function summary(prefix: string, pod: Pod, error?: string): string {
  const sized = ({ name, resources = {} }: Container) => ({ name, resources: { ...(resources.limits !== undefined && { limits: resources.limits }), ...(resources.requests !== undefined && { requests: resources.requests }) } });
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(sized);
  return `${prefix}: ${JSON.stringify({ ...(sidecars.length > 0 && { initContainers: sidecars }), containers: pod.spec.containers.map(sized), generation: pod.metadata.generation ?? 0, ...(error !== undefined && { error }) })}`;
}

/** What is to be done to running containers so that they have what was allocated. */
export function resizeActions({ pod, runtime, resize }: PodWorker): readonly ResizeAction[] {
  const actuated = resize?.actuated;
  if (actuated === undefined) return [];
  return resizable(pod).flatMap(({ name, resources = {}, resizePolicy = [] }) => {
    const [row, has] = [latest(runtime, name), actuated[name] ?? {}];
    if (row?.state !== 'CONTAINER_RUNNING' || sameSize(has, resources)) return [];
    const changes = (resource: string): boolean => (['requests', 'limits'] as const).some((part) => compareQuantities(has[part]?.[resource] ?? '0', resources[part]?.[resource] ?? '0') !== 0);
    return [{ name, containerId: row.id, restart: resizePolicy.some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && changes(resourceName)) }];
  });
}

/** This container has what was allocated to it, or is started with it. */
export function actuated(at: Turn, uid: string, name: string): void {
  const { pod, resize } = workerOf(at, uid)!;
  if (resize?.actuated === undefined) return;
  const size = sizesOf(pod)[name];
  if (size !== undefined) update(at, uid, { resize: { ...resize, actuated: { ...resize.actuated, [name]: size } } });
}

/** Everything has what was allocated: the resize is over. Models ClearPodResizeInProgressCondition and its event. */
export function completeResize(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  const { resize, pod } = worker;
  if (resize?.inProgress === undefined || resizeActions(worker).length > 0) return;
  const { inProgress: _done, ...kept } = resize;
  report(at, update(at, uid, { resize: kept }), 'Normal', 'ResizeCompleted', summary('Pod resize completed', pod));
}
