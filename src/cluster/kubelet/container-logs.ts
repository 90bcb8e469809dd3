/** What a container has written, for who asks the API server for it. Models pkg/kubelet/kubelet_pods.go: GetKubeletContainerLogs, validateContainerLogStatus. */
import type { Status } from '../../kubernetes/api/index.ts';
import { badRequestError } from '../../kubernetes/apimachinery/status-errors.ts';
import { formatMicroTime, parseTime, secondUs } from '../../kubernetes/apimachinery/time.ts';
import type { ContainerLogsRequest, ContainerLogsResponse } from '../../kubernetes/protocols/cri.ts';
import { frames, toBytes, type Bytes, type ConnectEnd } from '../../kubernetes/protocols/streaming.ts';
import { closeStream, openStream, request, respond, write } from '../../simulation/process/effects.ts';
import type { Failure, ProcessEvent } from '../../simulation/process/process.ts';
import { turn, workerOf, type Following, type Turn } from './kubelet-state.ts';
import { latest, previous as before } from './pod-runtime.ts';

interface LogsRequest {
  readonly podName: string; readonly podUid: string; readonly container: string; readonly previous?: boolean; readonly timestamps?: boolean;
  readonly sinceSeconds?: number; readonly sinceTime?: string; readonly tailLines?: number; readonly limitBytes?: number;
}

const refuseWith = (at: Turn, id: string, body: Status): void => { at.effects.push(respond(id, { type: 'kubelet.Error', body })); };
const refuseStream = (at: Turn, stream: string, status: Status): void => { at.effects.push(write(stream, { type: frames.status, body: { status } satisfies ConnectEnd }), closeStream(stream)); };

export const askForLog = turn((at, event) => {
  const { podName, podUid, container, previous = false, timestamps = false, sinceSeconds, sinceTime, tailLines, limitBytes } = event.body as LogsRequest;
  const follows = event.kind === 'stream-open';
  const refuse = follows ? refuseStream : refuseWith;
  const worker = workerOf(at, podUid);
  if (worker === undefined) return refuse(at, event.id, badRequestError(`pod "${podName}" does not exist`));
  const found = (previous ? before : latest)(worker.runtime, container);
  if (found === undefined || found.startedAtUs === 0) {
    const is = [...(worker.status?.containerStatuses ?? []), ...(worker.status?.initContainerStatuses ?? []), ...(worker.status?.ephemeralContainerStatuses ?? [])].find(({ name }) => name === container);
    return refuse(at, event.id, badRequestError(previous ? `previous terminated container "${container}" in pod "${podName}" not found`
      : `container "${container}" in pod "${podName}" ${is?.state?.waiting === undefined ? 'is not available' : `is waiting to start: ${is.state.waiting.reason ?? ''}`}`));
  }
  const sinceUs = sinceSeconds === undefined ? parseTime(sinceTime) : at.env.nowUs - sinceSeconds * secondUs;
  const body = { containerId: found.id, ...(sinceUs !== undefined && { sinceUs }), ...(tailLines !== undefined && { tailLines }) };
  if (follows) return follow(at, { stream: event.id, timestamps, bytesLeft: limitBytes ?? Infinity }, body);
  at.effects.push(request(`log/${timestamps ? 't' : ''}/${limitBytes ?? ''}/${event.id}`, at.state.input.runtime, { type: 'cri.ContainerLogs', body }));
  return undefined;
});

const textOf = (lines: ContainerLogsResponse['lines'], timestamps: boolean): string => lines.map((line) => `${timestamps ? `${formatMicroTime(line.atUs)} ` : ''}${line.text}\n`).join('');

function follow(at: Turn, following: Following, body: ContainerLogsRequest): void {
  const { nextCall, following: others } = at.state;
  const own = `follow/${nextCall}`;
  at.state = { ...at.state, nextCall: nextCall + 1, following: others.set(own, following).set(following.stream, { ...following, stream: own }) };
  at.effects.push(write(following.stream, { type: frames.opened, body: {} }, 300), openStream(own, at.state.input.runtime, { type: 'cri.ContainerLogs', body }));
}

/** The runtime goes on: its lines as text, as many bytes as were asked for. */
export function logWritten(at: Turn, { id, body }: ProcessEvent): void {
  const one = at.state.following.get(id);
  if (one === undefined) return;
  const text = toBytes(textOf((body as ContainerLogsResponse).lines, one.timestamps));
  const told = text.slice(0, one.bytesLeft);
  if (told !== '') at.effects.push(write(one.stream, { type: frames.stdout, body: { data: told } satisfies Bytes }));
  at.state = { ...at.state, following: at.state.following.set(id, { ...one, bytesLeft: one.bytesLeft - told.length }) };
  if (text.length < one.bytesLeft) return;
  unfollow(at, id, one.stream);
  at.effects.push(closeStream(id), closeStream(one.stream));
}

const unfollow = (at: Turn, id: string, other: string): void => { at.state = { ...at.state, following: at.state.following.delete(id).delete(other) }; };

/** One end of a log that was followed has gone: the container, or who followed. True where it was such an end. */
export function endFollowing(at: Turn, { id, body }: ProcessEvent): boolean {
  const one = at.state.following.get(id);
  if (one === undefined) return false;
  unfollow(at, id, one.stream);
  at.effects.push(closeStream(one.stream, (body as Failure).reason));
  return true;
}

/** The runtime has read the file, or is silent. */
export function logRead(at: Turn, event: ProcessEvent): void {
  const [, stamped, most, ...id] = event.id.split('/');
  if (event.type !== 'cri.ContainerLogsResponse') return refuseWith(at, id.join('/'), badRequestError('unable to retrieve container logs'));
  const text = textOf((event.body as ContainerLogsResponse).lines, stamped !== '');
  at.effects.push(respond(id.join('/'), { type: 'kubelet.ContainerLogsResponse', body: most === '' ? text : text.slice(0, Number(most)) }));
}
