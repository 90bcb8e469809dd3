/** exec, attach and port-forward as the runtime's streaming server carries them. Models containerd internal/cri/server/{container_execsync,container_attach,sandbox_portforward_linux}.go. */
import type { Status } from '../../../kubernetes/api/index.ts';
import { internalServerError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { frames, toBytes, type Bytes, type ConnectEnd, type CriConnect } from '../../../kubernetes/protocols/streaming.ts';
import { clearTimer, closeStream, setTimer, write } from '../../../simulation/process/effects.ts';
import type { ContainerLogsRequest, ContainerLogsResponse } from '../../../kubernetes/protocols/cri.ts';
import type { Outcome, ProcessEvent } from '../../../simulation/process/process.ts';
import { newId } from '../ids.ts';
import type { ContainerdState, ContainerRow } from '../runtime-state.ts';
import { endProcess1, insideOf, placeOf, serve, setInside, settle, variablesOf, whoServes, workingDirOf, type Turn } from './container.ts';
import { lastLines, writtenBy } from './log.ts';
import { formatResponse, takeRequest } from './http-servers.ts';
import { newShell, promptOf, type as typeInto } from './interactive-shell.ts';
import { mainShell } from './main-shell.ts';
import { Exit, NeedsInput, Run } from './run.ts';
import type { Conversation } from './state.ts';

const startUs = 20_000;
/** How often an attached stream is looked at; the real one is a pipe. */
const followUs = 200_000;

const turn = (work: (at: Turn, event: ProcessEvent) => void) => (state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> => {
  const at: Turn = { state, effects: [], env: event.env };
  work(at, event);
  return [at.state, at.effects];
};

const keep = (at: Turn, stream: string, one: Conversation): void => { at.state = { ...at.state, conversations: at.state.conversations.set(stream, one) }; };

function drop(at: Turn, stream: string): void {
  at.state = { ...at.state, conversations: at.state.conversations.delete(stream) };
  at.effects.push(clearTimer(`attach/${stream}`), clearTimer(`say/${stream}`));
}

function end(at: Turn, stream: string, status: Status, afterUs = 0): void {
  at.effects.push(write(stream, { type: frames.status, body: { status } satisfies ConnectEnd }, afterUs), closeStream(stream));
  drop(at, stream);
}

/** What is due within this time is on its way already. */
const soonUs = 50_000;

/** Says something after so long, behind what is still to be said. */
function tell(at: Turn, stream: string, fd: 1 | 2 | 'end', said: string | Status, afterUs: number): void {
  const one = at.state.conversations.get(stream);
  if (one === undefined) return;
  const due = fd === 'end' ? { type: frames.status, body: { status: said as Status } satisfies ConnectEnd } : { type: fd === 1 ? frames.stdout : frames.stderr, body: { data: said as string } satisfies Bytes };
  keep(at, stream, { ...one, pending: [...one.pending, { ...due, atUs: at.env.nowUs + afterUs }] });
}

/** Says what is due, and sets the clock for the rest. */
function sayWhatIsDue(at: Turn, stream: string): void {
  const one = at.state.conversations.get(stream);
  if (one === undefined) return;
  const due = one.pending.findIndex(({ atUs }) => atUs > at.env.nowUs + soonUs);
  const now = due < 0 ? one.pending : one.pending.slice(0, due);
  for (const { atUs, type, body } of now) {
    if (type === frames.status) return end(at, stream, (body as ConnectEnd).status, Math.max(0, atUs - at.env.nowUs));
    at.effects.push(write(stream, { type, body }, Math.max(0, atUs - at.env.nowUs)));
  }
  if (now.length === 0 && one.pending.length === 0) return undefined;
  const rest = one.pending.slice(now.length);
  keep(at, stream, { ...one, pending: rest });
  if (rest.length > 0) at.effects.push(setTimer(`say/${stream}`, rest[0]!.atUs - at.env.nowUs, { name: 'say', body: stream }));
  return undefined;
}

export const sayOn = turn((at, { body }) => sayWhatIsDue(at, body as string));

/** How a process ended, as remotecommand tells it. Models staging/src/k8s.io/cri-streaming/pkg/streaming/remotecommand/exec.go: ServeExec. */
const exitStatus = (code: number): Status => (code === 0 ? { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } : {
  kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'NonZeroExitCode', message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
}) as unknown as Status;

const say = (at: Turn, stream: string, fd: 1 | 2, data: string, afterUs: number): void => {
  at.effects.push(write(stream, { type: fd === 1 ? frames.stdout : frames.stderr, body: { data } satisfies Bytes }, afterUs));
};

const conversation = ({ containerId, podSandboxId, mounts, command = [], stdin = false, tty = false, port = 0 }: CriConnect): Omit<Conversation, 'kind'> =>
  ({ containerId, sandboxId: podSandboxId, mounts, command: command.map(toBytes), stdin, tty, port, input: '', pending: [], toldUs: 0 });

const shells = new Set(['sh', 'bash', 'ash', '/bin/sh', '/bin/bash', '/bin/ash', '/usr/bin/sh', '/usr/bin/bash']);

export const exec = turn((at, { id: stream, body }) => {
  const asked = conversation(body as CriConnect);
  const row = at.state.containers.get(asked.containerId);
  const refuse = (why: string): void => end(at, stream, internalServerError(`error executing command in container: failed to exec in container: ${why}`), startUs);
  if (row?.shown.state !== 'CONTAINER_RUNNING') return refuse(`container is in ${row?.shown.state ?? 'CONTAINER_UNKNOWN'} state`);
  const [name = '', ...args] = asked.command;
  const place = placeOf(at, row, asked.mounts);
  const run = new Run(place, new Map(), '/');
  if (run.programOf(name) === undefined) {
    const why = name.startsWith('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH';
    return refuse(`failed to start exec "${newId(at.env)}": OCI runtime exec failed: exec failed: unable to start container process: exec: "${name}": ${why}: unknown`);
  }
  if (shells.has(name) && asked.stdin && args.every((arg) => /^-[a-bd-z]+$/.test(arg))) {
    const shell = newShell(at, row, asked.mounts, asked.tty);
    keep(at, stream, { ...asked, kind: 'shell', shell });
    if (asked.tty) say(at, stream, 1, promptOf(row, shell, place.hostname, place.user), startUs);
    return undefined;
  }
  return runCommand(at, stream, { ...asked, kind: 'command' }, row, !asked.stdin);
});

/** Runs a command as far as it gets: with all of its input, or without any; one that reads input whose end has not come is run again when it has. */
function runCommand(at: Turn, stream: string, one: Conversation, row: ContainerRow, whole: boolean): void {
  const [name = '', ...args] = one.command;
  const place = placeOf(at, row, one.mounts);
  const run = new Run(place, variablesOf(row, place, one.tty), workingDirOf(row));
  const stdin = (): string => {
    if (!whole) throw new NeedsInput();
    return one.input;
  };
  try {
    run.code = run.command(name, args, { stdin, out: (data) => run.say(1, data), err: (data) => run.say(2, data) });
  } catch (error) {
    if (error instanceof NeedsInput) return keep(at, stream, one);
    if (!(error instanceof Exit)) throw error;
    run.code = error.code;
  }
  settle(at, row, run);
  keep(at, stream, one);
  for (const { fd, data, afterUs } of run.said) tell(at, stream, one.tty ? 1 : fd, one.tty ? data.replace(/\n/g, '\r\n') : data, startUs + afterUs);
  tell(at, stream, 'end', exitStatus(run.code), startUs + run.elapsedUs);
  return sayWhatIsDue(at, stream);
}

/** Something was typed, or its end has come. */
export const hear = turn((at, { id: stream, type, body }) => {
  const one = at.state.conversations.get(stream);
  const ends = type === frames.stdinEnd;
  const data = ends ? '' : (body as Partial<Bytes>).data ?? '';
  if (one === undefined || (type !== frames.stdin && !ends)) return undefined;
  if (one.kind === 'forward' && ends) return end(at, stream, exitStatus(0), 2_000);
  if (one.kind === 'forward') return forwardOn(at, stream, { ...one, input: one.input + data });
  const row = at.state.containers.get(one.containerId);
  if (row?.shown.state !== 'CONTAINER_RUNNING') return undefined;
  if (one.kind === 'attach') return typeAtProcess1(at, one, row, data);
  if (one.kind === 'shell') {
    // Ctrl-C breaks off what runs.
    const broken = one.tty && data.includes('\x03') && one.pending.length > 0;
    const from = broken ? { ...one.shell!, busyUntilUs: at.env.nowUs } : one.shell!;
    const { shell, wrote, ended } = typeInto(at, row, one.mounts, from, data, one.tty, ends);
    keep(at, stream, { ...one, shell, pending: broken ? [] : one.pending });
    for (const each of wrote) tell(at, stream, 1, each.data, each.afterUs);
    if (ended !== undefined) tell(at, stream, 'end', exitStatus(ended), Math.max(wrote.at(-1)?.afterUs ?? 0, shell.busyUntilUs - at.env.nowUs));
    return sayWhatIsDue(at, stream);
  }
  // A terminal's end of input is a character; what comes before it belongs to the input.
  const ctrlD = one.tty ? data.indexOf('\x04') : -1;
  if (one.pending.length > 0 && !(one.tty && data.includes('\x03'))) return undefined;
  const next = { ...one, input: one.input + (ctrlD < 0 ? data : data.slice(0, ctrlD)).replace(/\r/g, one.tty ? '\n' : '\r') };
  if (one.tty && data.includes('\x03')) return end(at, stream, exitStatus(130));
  if (ends || ctrlD >= 0) return runCommand(at, stream, next, row, true);
  return keep(at, stream, next);
});

/** Attaches to process 1: what it writes from now on, and what it reads, if it reads. */
export const attach = turn((at, { id: stream, body }) => {
  const asked = conversation(body as CriConnect);
  keep(at, stream, { ...asked, kind: 'attach', toldUs: at.env.nowUs });
  at.effects.push(setTimer(`attach/${stream}`, followUs, { name: 'attach', body: stream, background: true }));
});

const endLog = (at: Turn, stream: string): void => {
  at.effects.push(closeStream(stream));
  drop(at, stream);
};

/** Goes on telling what a container writes, behind what it has written. Models pkg/kubelet/kuberuntime/logs/logs.go: ReadLogs, which watches the file. */
export const followLog = turn((at, { id: stream, body }) => {
  const { containerId, sinceUs = 0, tailLines = Infinity } = body as ContainerLogsRequest;
  const row = at.state.containers.get(containerId);
  if (row === undefined) return void at.effects.push(closeStream(stream));
  const { state: is, finishedAtUs } = row.shown;
  const lines = lastLines(writtenBy(at.state, row, is === 'CONTAINER_EXITED' ? finishedAtUs : at.env.nowUs), sinceUs, tailLines);
  at.effects.push(write(stream, { type: 'cri.LogLines', body: { lines } satisfies ContainerLogsResponse }, 2_000));
  if (is === 'CONTAINER_EXITED') return void at.effects.push(closeStream(stream));
  keep(at, stream, { ...conversation({ containerId, podSandboxId: row.shown.podSandboxId, mounts: {} }), kind: 'log', toldUs: at.env.nowUs });
  at.effects.push(setTimer(`attach/${stream}`, followUs, { name: 'attach', body: stream, background: true }));
  return undefined;
});

function typeAtProcess1(at: Turn, one: Conversation, row: ContainerRow, data: string): void {
  if (row.config.stdin !== true || !mainShell(row.config)) return;
  const tty = row.config.tty === true;
  const from = insideOf(at.state, one.containerId).shell ?? newShell(at, row, one.mounts, tty);
  const { shell, wrote, ended } = typeInto(at, row, one.mounts, from, data, tty);
  setInside(at, one.containerId, { shell });
  for (const [stream, other] of at.state.conversations) {
    if (other.kind !== 'attach' || other.containerId !== one.containerId) continue;
    for (const each of wrote) tell(at, stream, 1, each.data, each.afterUs);
    sayWhatIsDue(at, stream);
  }
  if (ended !== undefined) endProcess1(at, at.state.containers.get(one.containerId)!, wrote.at(-1)?.afterUs ?? 0, ended);
}

/** Tells an attached client, or who follows the log, what was written since. */
function tellOutput(at: Turn, stream: string, one: Conversation, row: ContainerRow): void {
  const lines = writtenBy(at.state, row, at.env.nowUs).filter(({ atUs }) => atUs > one.toldUs && atUs <= at.env.nowUs);
  if (one.kind === 'log') return lines.length === 0 ? undefined : void at.effects.push(write(stream, { type: 'cri.LogLines', body: { lines } satisfies ContainerLogsResponse }));
  for (const { text } of lines) say(at, stream, 1, toBytes(`${text}${row.config.tty === true ? '\r\n' : '\n'}`), 0);
}

export const followOutput = turn((at, { body }) => {
  const stream = body as string;
  const one = at.state.conversations.get(stream);
  const row = one === undefined ? undefined : at.state.containers.get(one.containerId);
  if (one === undefined || row === undefined) return;
  tellOutput(at, stream, one, row);
  keep(at, stream, { ...one, toldUs: at.env.nowUs });
  at.effects.push(setTimer(`attach/${stream}`, followUs, { name: 'attach', body: stream, background: true }));
});

/** A container has ended: whoever was connected with it is let go. Called with the state in which it has. */
export function letGo(state: ContainerdState, env: Turn['env'], containerId: string, exitCode: number): Outcome<ContainerdState> {
  if (state.conversations.size === 0) return [state, []];
  const at: Turn = { state, effects: [], env };
  for (const [stream, one] of state.conversations) {
    if (one.containerId !== containerId || one.kind === 'forward') continue;
    if (one.kind === 'attach' || one.kind === 'log') tellOutput(at, stream, one, state.containers.get(containerId)!);
    if (one.kind === 'log') endLog(at, stream);
    else end(at, stream, exitStatus(one.kind === 'attach' ? 0 : exitCode === 0 ? 137 : exitCode));
  }
  return [at.state, at.effects];
}

export const portForward = turn((at, { id: stream, body }) => {
  const asked = conversation(body as CriConnect);
  // Without a port: the client's own connection, in which others to its ports follow.
  if (asked.port === 0 || whoServes(at, asked.sandboxId, asked.port) !== undefined) return keep(at, stream, { ...asked, kind: 'forward' });
  return end(at, stream, internalServerError(refusedPort(asked)), 2_000);
});

function refusedPort({ sandboxId, port }: Pick<Conversation, 'sandboxId' | 'port'>): string {
  const uuid = [sandboxId.slice(0, 8), sandboxId.slice(8, 12), sandboxId.slice(12, 16), sandboxId.slice(16, 20), sandboxId.slice(20, 32)].join('-');
  const netns = `/var/run/netns/cni-${uuid}`;
  return `error forwarding port ${port} to pod ${sandboxId}, uid : failed to execute portforward in network namespace "${netns}": failed to connect to localhost:${port} inside namespace "${sandboxId}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address `;
}

function forwardOn(at: Turn, stream: string, one: Conversation): void {
  let { input } = one;
  for (;;) {
    const taken = takeRequest(input);
    if (taken === undefined) return keep(at, stream, { ...one, input });
    const row = whoServes(at, one.sandboxId, one.port);
    const bad = taken === 'bad';
    if (row === undefined) return end(at, stream, internalServerError(refusedPort(one)));
    const text = bad ? formatResponse({ code: 400, headers: [['Content-Length', '0']], body: '' }, { method: 'GET', path: '/', version: 'HTTP/1.1', headers: {}, body: '' }, true) : serve(at, row, one.mounts, taken.request, '127.0.0.1', one.port);
    say(at, stream, 1, text, 1_000);
    if (bad || /\r\nConnection: close\r\n/.test(text)) return end(at, stream, exitStatus(0), 1_000);
    input = taken.rest;
  }
}

/** The client has gone. */
export const forget = turn((at, { id }) => {
  if (!at.state.conversations.has(id)) return;
  drop(at, id);
});
