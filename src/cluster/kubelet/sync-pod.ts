/** What must change for the runtime to be what the Pod asks for. Models pkg/kubelet/kuberuntime/kuberuntime_manager.go: computePodActions. */
import type { Container, Pod } from '../../kubernetes/api/index.ts';
import type { PodRuntime } from './kubelet-state.ts';
import { isSidecar } from './pod-requests.ts';
import { latest, shouldRestart } from './pod-runtime.ts';

export interface PodActions {
  /** Everything is to be stopped: the sandbox is dead, or nothing is left to run. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  /** The newest sandbox there is, '' if none. */
  readonly sandboxId: string;
  /** Its number, or that of the one to make. */
  readonly attempt: number;
  readonly start: readonly string[];
}

/** Does the Pod need a new sandbox? Models pkg/kubelet/kuberuntime/util/util.go: PodSandboxChanged. */
export function sandboxChanged(pod: Pod, runtime: PodRuntime): { readonly changed: boolean; readonly attempt: number; readonly sandboxId: string } {
  const newest = runtime.sandboxes[0];
  if (newest === undefined) return { changed: true, attempt: 0, sandboxId: '' };
  const ready = runtime.sandboxes.reduce((count, { state }) => count + (state === 'SANDBOX_READY' ? 1 : 0), 0);
  const lacksAddress = pod.spec.hostNetwork !== true && newest.ip === '';
  if (newest.state !== 'SANDBOX_READY' || ready > 1 || lacksAddress) return { changed: true, attempt: newest.metadata.attempt + 1, sandboxId: newest.id };
  return { changed: false, attempt: newest.metadata.attempt, sandboxId: newest.id };
}

/** The plan for one sync of a Pod. */
export function computePodActions(pod: Pod, runtime: PodRuntime): PodActions {
  const { changed, attempt, sandboxId } = sandboxChanged(pod, runtime);
  const base = { sandboxId, attempt };
  if (changed) return forNewSandbox(pod, runtime, base);
  const init = initActions(pod, runtime);
  if (init.killPod) return { ...base, killPod: true, createSandbox: false, start: [] };
  const ephemeral = ephemeralToStart(pod, runtime);
  if (!init.initialized) return { ...base, killPod: false, createSandbox: false, start: [...ephemeral, ...init.start] };
  let running = 0;
  const start: string[] = [];
  for (const container of pod.spec.containers) {
    if (latest(runtime, container.name)?.state === 'CONTAINER_RUNNING') running++;
    else if (shouldRestart(container, pod, runtime)) start.push(container.name);
  }
  if (running === 0 && start.length === 0) return { ...base, killPod: true, createSandbox: false, start: [] };
  return { ...base, killPod: false, createSandbox: false, start: [...ephemeral, ...init.start, ...start] };
}

const none: readonly string[] = [];
/** Ephemeral containers are started once, before all others. */
const ephemeralToStart = ({ spec, metadata }: Pod, runtime: PodRuntime): readonly string[] =>
  (spec.ephemeralContainers === undefined || metadata.deletionTimestamp !== undefined ? none : spec.ephemeralContainers.filter(({ name }) => latest(runtime, name) === undefined).map(({ name }) => name));

function forNewSandbox(pod: Pod, runtime: PodRuntime, base: { sandboxId: string; attempt: number }): PodActions {
  const none: PodActions = { ...base, killPod: true, createSandbox: false, start: [] };
  if (pod.spec.restartPolicy === 'Never' && base.attempt !== 0 && runtime.containers.length > 0) return none;
  const start = pod.spec.containers.filter((container) => !(pod.spec.restartPolicy === 'OnFailure' && succeeded(container, runtime)));
  if (start.length === 0) return none;
  const first = pod.spec.initContainers?.[0];
  return { ...base, killPod: true, createSandbox: true, start: first === undefined ? start.map(({ name }) => name) : [first.name] };
}

function succeeded(container: Container, runtime: PodRuntime): boolean {
  const status = latest(runtime, container.name);
  return status !== undefined && status.state === 'CONTAINER_EXITED' && status.exitCode === 0;
}

interface InitActions { readonly initialized: boolean; readonly killPod: boolean; readonly start: readonly string[] }

/** Init containers one after another; sidecars stay and are restarted. Models computeInitContainerActions. */
function initActions(pod: Pod, runtime: PodRuntime): InitActions {
  const { initContainers } = pod.spec;
  if (initContainers === undefined || initContainers.length === 0) return { initialized: true, killPod: false, start: [] };
  const started = pod.spec.containers.some(({ name }) => latest(runtime, name) !== undefined);
  const restarts: string[] = [];
  for (const container of initContainers) {
    const status = latest(runtime, container.name);
    if (isSidecar(container)) {
      if (status?.state === 'CONTAINER_RUNNING') continue;
      if (!started) return { initialized: false, killPod: false, start: [container.name] };
      restarts.push(container.name);
    } else if (!started && !succeeded(container, runtime)) {
      if (status?.state === 'CONTAINER_RUNNING') return { initialized: false, killPod: false, start: [] };
      if (status !== undefined && !shouldRestart(container, pod, runtime)) return { initialized: false, killPod: true, start: [] };
      return { initialized: false, killPod: false, start: [container.name] };
    }
  }
  return { initialized: true, killPod: false, start: restarts };
}
