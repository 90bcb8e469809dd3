/** What a container has written, for who asks the API server for it. Models pkg/kubelet/kubelet_pods.go: GetKubeletContainerLogs, validateContainerLogStatus. */
import type { Status } from '../../kubernetes/api/index.ts';
import { badRequestError } from '../../kubernetes/apimachinery/status-errors.ts';
import { formatMicroTime, parseTime, secondUs } from '../../kubernetes/apimachinery/time.ts';
import type { ContainerLogsResponse } from '../../kubernetes/protocols/cri.ts';
import { request, respond } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import { turn, workerOf, type Turn } from './kubelet-state.ts';
import { latest, previous as before } from './pod-runtime.ts';

interface LogsRequest {
  readonly podName: string; readonly podUid: string; readonly container: string; readonly previous?: boolean; readonly timestamps?: boolean;
  readonly sinceSeconds?: number; readonly sinceTime?: string; readonly tailLines?: number; readonly limitBytes?: number;
}

const refuseWith = (at: Turn, id: string, body: Status): void => { at.effects.push(respond(id, { type: 'kubelet.Error', body })); };

export const askForLog = turn((at, event) => {
  const { podName, podUid, container, previous = false, timestamps = false, sinceSeconds, sinceTime, tailLines, limitBytes } = event.body as LogsRequest;
  const worker = workerOf(at, podUid);
  if (worker === undefined) return refuseWith(at, event.id, badRequestError(`pod "${podName}" does not exist`));
  const found = (previous ? before : latest)(worker.runtime, container);
  if (found === undefined || found.startedAtUs === 0) {
    const is = [...(worker.status?.containerStatuses ?? []), ...(worker.status?.initContainerStatuses ?? []), ...(worker.status?.ephemeralContainerStatuses ?? [])].find(({ name }) => name === container);
    return refuseWith(at, event.id, badRequestError(previous ? `previous terminated container "${container}" in pod "${podName}" not found`
      : `container "${container}" in pod "${podName}" ${is?.state?.waiting === undefined ? 'is not available' : `is waiting to start: ${is.state.waiting.reason ?? ''}`}`));
  }
  const sinceUs = sinceSeconds === undefined ? parseTime(sinceTime) : at.env.nowUs - sinceSeconds * secondUs;
  const body = { containerId: found.id, ...(sinceUs !== undefined && { sinceUs }), ...(tailLines !== undefined && { tailLines }) };
  at.effects.push(request(`log/${timestamps ? 't' : ''}/${limitBytes ?? ''}/${event.id}`, at.state.input.runtime, { type: 'cri.ContainerLogs', body }));
  return undefined;
});

/** The runtime has read the file, or is silent. */
export function logRead(at: Turn, event: ProcessEvent): void {
  const [, stamped, most, ...id] = event.id.split('/');
  if (event.type !== 'cri.ContainerLogsResponse') return refuseWith(at, id.join('/'), badRequestError('unable to retrieve container logs'));
  const text = (event.body as ContainerLogsResponse).lines.map((line) => `${stamped === '' ? '' : `${formatMicroTime(line.atUs)} `}${line.text}\n`).join('');
  at.effects.push(respond(id.join('/'), { type: 'kubelet.ContainerLogsResponse', body: most === '' ? text : text.slice(0, Number(most)) }));
}
