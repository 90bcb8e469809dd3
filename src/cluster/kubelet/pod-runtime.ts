/** Questions about what the runtime says of a Pod. */
import type { Container, Pod } from '../../kubernetes/api/index.ts';
import type { ContainerStatus as CriContainer } from '../../kubernetes/protocols/cri.ts';
import type { PodRuntime } from './kubelet-state.ts';

export const nothingRuns: PodRuntime = { sandboxes: [], containers: [] };

/** The newest container of that name. */
export function latest(runtime: PodRuntime, name: string): CriContainer | undefined {
  for (const container of runtime.containers) if (container.name === name) return container;
  return undefined;
}

/** The one before the newest. */
export function previous(runtime: PodRuntime, name: string): CriContainer | undefined {
  let seen = false;
  for (const container of runtime.containers) {
    if (container.name !== name) continue;
    if (seen) return container;
    seen = true;
  }
  return undefined;
}

export const isPodTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';

/** Models pkg/kubelet/container/helpers.go: ShouldContainerBeRestarted. */
export function shouldRestart(container: Container, pod: Pod, runtime: PodRuntime): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const status = latest(runtime, container.name);
  if (status === undefined || status.state === 'CONTAINER_CREATED') return true;
  if (status.state === 'CONTAINER_RUNNING') return false;
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && status.exitCode !== 0);
}

/** Sorts what lists returned into what `PodRuntime` promises: newest first. */
export const newestFirst = (a: CriContainer, b: CriContainer): number => b.attempt - a.attempt || b.createdAtUs - a.createdAtUs;
