/** A Pod's whole status. Models pkg/kubelet/kubelet_pods.go: generateAPIPodStatus, and pkg/kubelet/status/generate.go. */
import type { ConditionStatus, ContainerStatus, Pod, PodCondition, PodPhase, PodStatus } from '../../kubernetes/api/index.ts';
import { formatTime } from '../../kubernetes/apimachinery/index.ts';
import { deadlineExceeded, deadlineUs } from './active-deadline.ts';
import { containerStatuses, ephemeralStatuses, type StatusInput } from './container-status.ts';
import { getPhase } from './get-phase.ts';
import type { Resize } from './kubelet-state.ts';
import { isSidecar } from './pod-requests.ts';
import { isPodTerminal } from './pod-runtime.ts';
import { qosClass } from './qos.ts';
import { sandboxChanged } from './sync-pod.ts';

export interface PodStatusInput extends StatusInput {
  /** The status computed last, or the one the API server has. */
  readonly old: PodStatus | undefined;
  readonly nodeIp: string;
  readonly nowUs: number;
  /** Nothing will be started any more. */
  readonly podIsTerminal: boolean;
}

/** The status to report, transition times kept where nothing turned. */
export function podStatus(input: PodStatusInput): PodStatus {
  const { pod, old, nodeIp, nowUs, runtime } = input;
  const { spec } = pod;
  const regular = containerStatuses(input, spec.containers, old?.containerStatuses, false);
  const init = spec.initContainers === undefined ? [] : containerStatuses(input, spec.initContainers, old?.initContainerStatuses, true);
  const all = init.length === 0 ? regular : [...init, ...regular];
  const computed = getPhase(pod, all, input.podIsTerminal);
  // Once a Pod has ended it never comes back.
  const deadline = spec.activeDeadlineSeconds === undefined || isPodTerminal(computed) ? undefined : deadlineUs(pod, old);
  const overdue = deadline !== undefined && nowUs >= deadline && !isPodTerminal(old?.phase);
  const phase = overdue ? deadlineExceeded.phase : isPodTerminal(old?.phase) ? old!.phase! : computed;
  const ip = spec.hostNetwork === true ? nodeIp : podIp(input);
  const generation = pod.metadata.generation;
  const ready = containersReady(pod, all, phase);
  const podReady = ready.status === 'True' ? withReadinessGates(pod, ready) : ready;
  const before = old?.conditions ?? [];
  const now = formatTime(nowUs);
  const make = (type: string, verdict: Verdict): PodCondition => makeCondition(before, type, verdict, generation, now);
  const status: { -readonly [K in keyof PodStatus]: PodStatus[K] } = {};
  if (generation !== undefined) status.observedGeneration = generation;
  status.phase = phase;
  status.conditions = [
    make('PodReadyToStartContainers', sandboxChanged(pod, runtime).changed ? isFalse : isTrue),
    make('Initialized', initialized(pod, init, regular, phase)),
    make('Ready', podReady),
    make('ContainersReady', ready),
    before.find(({ type }) => type === 'PodScheduled') ?? make('PodScheduled', isTrue),
    ...resizeConditions(input.resize),
  ];
  const { reason, message } = overdue ? deadlineExceeded : old ?? {};
  if (reason !== undefined) status.reason = reason;
  if (message !== undefined) status.message = message;
  status.hostIP = nodeIp;
  status.hostIPs = old?.hostIPs ?? [{ ip: nodeIp }];
  if (ip !== '') {
    status.podIP = ip;
    status.podIPs = ip === old?.podIP && old.podIPs !== undefined ? old.podIPs : [{ ip }];
  }
  status.startTime = old?.startTime ?? now;
  if (init.length > 0) status.initContainerStatuses = init;
  status.containerStatuses = regular;
  if (spec.ephemeralContainers !== undefined) status.ephemeralContainerStatuses = ephemeralStatuses(input, spec.ephemeralContainers, old?.ephemeralContainerStatuses);
  status.qosClass = old?.qosClass ?? qosClass(pod);
  return status;
}

const none: readonly PodCondition[] = [];
const resizeConditions = (resize: Resize | undefined): readonly PodCondition[] => (resize === undefined ? none : [resize.pending, resize.inProgress].filter((one) => one !== undefined));

/** The same object as before where nothing turned. */
function makeCondition(conditions: readonly PodCondition[], type: string, { status, reason, message }: Verdict, generation: number | undefined, now: string): PodCondition {
  const before = conditions.find((one) => one.type === type);
  if (before !== undefined && before.status === status && before.reason === reason && before.message === message && before.observedGeneration === generation && typeof before.lastTransitionTime === 'string' && isPlain(before)) return before;
  const made: { -readonly [K in keyof PodCondition]: PodCondition[K] } = { type } as PodCondition;
  if (generation !== undefined) made.observedGeneration = generation;
  made.status = status;
  made.lastTransitionTime = before?.status === status && typeof before.lastTransitionTime === 'string' ? before.lastTransitionTime : now;
  if (reason !== undefined) made.reason = reason;
  if (message !== undefined) made.message = message;
  return made;
}

/** Has it no fields that the kubelet does not write? */
const isPlain = (condition: PodCondition): boolean => condition.lastProbeTime === undefined;

/**
 * The last status of a Pod that is torn down: what never ran, or was lost, counts as failed, and the phase is final.
 * Models pkg/kubelet/status/status_manager.go: TerminatePod.
 */
export function finalStatus(status: PodStatus): PodStatus {
  const lost = { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message: 'The container could not be located when the pod was terminated', startedAt: null, finishedAt: null } };
  const settle = (list: readonly ContainerStatus[] | undefined) => list?.map((one) => (one.state?.terminated !== undefined ? one
    : { ...one, ready: false, started: false, state: lost, lastState: one.state?.waiting !== undefined ? one.lastState : {} }));
  // Init containers behind the first one that never began say nothing; regular containers only count once all of them are through.
  const begun = (status.initContainerStatuses ?? []).every(({ state, started }) => state?.terminated?.exitCode === 0 || started === true);
  const containers = begun ? settle(status.containerStatuses) : status.containerStatuses;
  const phase = isPodTerminal(status.phase) ? status.phase : 'Failed';
  if (containers === undefined || (phase === status.phase && containers.every((one, index) => one === status.containerStatuses![index]))) return { ...status, phase };
  const conditions = status.conditions?.map((one) => (one.type === 'Ready' || one.type === 'ContainersReady' ? { ...one, status: 'False' as const, reason: 'PodFailed', message: undefined } : one));
  return { ...status, phase, containerStatuses: containers, conditions };
}

/** The address comes from the newest sandbox; a Pod that has stopped keeps the one it had. */
function podIp({ runtime, old }: PodStatusInput): string {
  const newest = runtime.sandboxes[0];
  return newest !== undefined && newest.state === 'SANDBOX_READY' && newest.ip !== '' ? newest.ip : old?.podIP ?? '';
}

interface Verdict { readonly status: ConditionStatus; readonly reason?: string; readonly message?: string }
const isTrue: Verdict = { status: 'True' };
const isFalse: Verdict = { status: 'False' };

/** Go prints a list of names so. */
const names = (list: readonly string[]): string => `[${list.join(' ')}]`;

/** Models GenerateContainersReadyCondition. */
export function containersReady(pod: Pod, statuses: readonly ContainerStatus[], phase: PodPhase): Verdict {
  const unknown: string[] = [];
  const unready: string[] = [];
  for (const container of [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers]) {
    const status = statuses.find(({ name }) => name === container.name);
    if (status === undefined) unknown.push(container.name);
    else if (!status.ready) unready.push(container.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  return unknown.length === 0 && unready.length === 0 ? isTrue : { status: 'False', reason: 'ContainersNotReady', message: notReady(unknown, unready, 'unready') };
}

function notReady(unknown: readonly string[], others: readonly string[], word: string): string {
  const parts: string[] = [];
  if (unknown.length > 0) parts.push(`containers with unknown status: ${names(unknown)}`);
  if (others.length > 0) parts.push(`containers with ${word} status: ${names(others)}`);
  return parts.join(', ');
}

/** Models GeneratePodReadyCondition. */
function withReadinessGates(pod: Pod, ready: Verdict): Verdict {
  const missing: string[] = [];
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const condition = pod.status?.conditions?.find(({ type }) => type === conditionType);
    if (condition === undefined) missing.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (condition.status !== 'True') missing.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`);
  }
  return missing.length === 0 ? ready : { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}

/** Models GeneratePodInitializedCondition. */
function initialized(pod: Pod, init: readonly ContainerStatus[], regular: readonly ContainerStatus[], phase: PodPhase): Verdict {
  const incomplete: string[] = [];
  for (const container of pod.spec.initContainers ?? []) {
    const status = init.find(({ name }) => name === container.name);
    if (isSidecar(container) ? status?.started !== true : status?.ready !== true) incomplete.push(container.name);
  }
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const begun = regular.some(({ state, lastState }) => state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined);
  if (begun || incomplete.length === 0) return isTrue;
  return { status: 'False', reason: 'ContainersNotInitialized', message: notReady([], incomplete, 'incomplete') };
}
