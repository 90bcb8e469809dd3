/** What kubectl's tables say of an object. Models pkg/printers/internalversion/printers.go: printPod, printNode, printDeployment. */
import type { ContainerStatus, Pod } from '../../kubernetes/api/index.ts';
import { condition } from '../cluster-view.ts';

/** The STATUS column of a Pod. */
export function podStatus(pod: Pod): string {
  const { status, metadata } = pod;
  let reason = status?.reason ?? status?.phase ?? 'Unknown';
  const init = initStatus(pod);
  if (init !== undefined) reason = init;
  else {
    let running = false;
    for (const container of (status?.containerStatuses ?? []).slice().reverse()) {
      const said = containerReason(container);
      if (said !== undefined) reason = said;
      else if (container.ready && container.state?.running !== undefined) running = true;
    }
    if (reason === 'Completed' && running) reason = condition(pod, 'Ready')?.status === 'True' ? 'Running' : 'NotReady';
  }
  if (metadata.deletionTimestamp !== undefined) return status?.reason === 'NodeLost' ? 'Unknown' : status?.phase === 'Succeeded' || status?.phase === 'Failed' ? reason : 'Terminating';
  return reason;
}

function containerReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason !== undefined && state.waiting.reason !== '') return state.waiting.reason;
  if (state?.terminated === undefined) return undefined;
  if (state.terminated.reason !== undefined && state.terminated.reason !== '') return state.terminated.reason;
  return state.terminated.signal !== undefined && state.terminated.signal !== 0 ? `Signal:${state.terminated.signal}` : `ExitCode:${state.terminated.exitCode}`;
}

function initStatus({ spec, status }: Pod): string | undefined {
  const all = status?.initContainerStatuses ?? [];
  for (const [index, container] of all.entries()) {
    if (container.state?.terminated?.exitCode === 0) continue;
    if (container.started === true && spec.initContainers?.[index]?.restartPolicy === 'Always') continue;
    if (container.state?.terminated !== undefined) return `Init:${container.state.terminated.reason ?? `ExitCode:${container.state.terminated.exitCode}`}`;
    const waiting = container.state?.waiting?.reason;
    return waiting !== undefined && waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${all.length}`;
  }
  return undefined;
}

export const podReadyColumn = ({ spec, status }: Pod): string =>
  `${(status?.containerStatuses ?? []).filter((container) => container.ready).length}/${spec.containers.length}`;

export const podRestarts = ({ status }: Pod): number => (status?.containerStatuses ?? []).reduce((sum, container) => sum + container.restartCount, 0);

/** The STATUS column of a Node. */
export function nodeStatus(node: { readonly spec?: { readonly unschedulable?: boolean } }): string {
  const ready = condition(node, 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable === true ? `${word},SchedulingDisabled` : word;
}
