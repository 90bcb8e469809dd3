/** One container as somebody inside it finds it: its files, its variables, who serves in its Pod. Works on the runtime's state for the time of one step. */
import { PMap } from '../../../simulation/collections/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { toBytes } from '../../../kubernetes/protocols/streaming.ts';
import type { Effect, Env } from '../../../simulation/process/process.ts';
import { withContainer, type ContainerdState, type ContainerRow } from '../runtime-state.ts';
import { commands } from './commands.ts';
import { addressInHosts, Files } from './files.ts';
import { formatResponse, plainOnTls, serverOf, type HttpRequest, type HttpResponse } from './http-servers.ts';
import { contentsOf } from './image-contents.ts';
import type { Fetch, Place, Run } from './run.ts';
import type { Inside, Mounts } from './state.ts';

/** A step inside containers: local to the step. */
export interface Turn { state: ContainerdState; readonly effects: Effect[]; readonly env: Env }

/** Who connects to which port. */
export interface Connection { readonly client: string; readonly port: number; readonly tls: boolean }

const untouched: Inside = { written: PMap(), log: [] };
const mostLines = 1_000;

export const insideOf = (state: ContainerdState, id: string): Inside => state.insides.get(id) ?? untouched;

export const setInside = (at: Turn, id: string, change: Partial<Inside>): void => {
  at.state = { ...at.state, insides: at.state.insides.set(id, { ...insideOf(at.state, id), ...change }) };
};

export function filesOf(at: Turn, { shown, config }: ContainerRow, mounts: Mounts): Files {
  const contents = contentsOf(config.image);
  return new Files({
    image: { ...contents, programs: [...contents.programs].map((name) => `/bin/${name}`) }, mounts: mounts[shown.name] ?? [], written: insideOf(at.state, shown.id).written,
    volumes: at.state.volumes, startedAtUs: shown.startedAtUs, nowUs: at.env.nowUs,
  });
}

export function keepFiles(at: Turn, id: string, files: Files): void {
  if (files.written !== insideOf(at.state, id).written) setInside(at, id, { written: files.written });
  if (files.volumes !== at.state.volumes) at.state = { ...at.state, volumes: files.volumes };
}

const hostnameIn = (files: Files): string => (files.get('/etc/hostname')?.data ?? 'localhost').trim();

/** Adds to what the container has written. */
export function log(at: Turn, id: string, text: string): void {
  const { log: before } = insideOf(at.state, id);
  setInside(at, id, { log: [...before.slice(1 - mostLines), { atUs: at.env.nowUs, text }] });
}

/** Who listens on an address of this node: a Pod's own, or (where no Pod has it) the node's, which Pods on its network share. */
export function listenerAt(state: ContainerdState, env: Env, ip: string, port: number): ContainerRow | 'connection refused' | 'no route to host' {
  const at: Turn = { state, effects: [], env };
  let shared: ContainerRow | undefined;
  for (const [id, { shown, hostNetwork }] of state.sandboxes) {
    if (shown.state !== 'SANDBOX_READY') continue;
    if (hostNetwork) shared ??= whoServes(at, id, port);
    else if (shown.ip === ip) return whoServes(at, id, port) ?? 'connection refused';
  }
  return shared ?? (ip === '' ? 'connection refused' : 'no route to host');
}

/** The container of a Pod that serves on a port: they share one network. */
export function whoServes(at: Turn, sandboxId: string, port: number): ContainerRow | undefined {
  for (const id of at.state.sandboxes.get(sandboxId)?.containers ?? []) {
    const row = at.state.containers.get(id);
    if (row?.shown.state === 'CONTAINER_RUNNING' && serverOf(row.config)?.ports(row.config).includes(port) === true) return row;
  }
  return undefined;
}

/** Has the server in a container answer what came on one of its ports. */
export function answerOf(at: Turn, row: ContainerRow, mounts: Mounts, request: HttpRequest, { client, port, tls }: Connection): HttpResponse {
  const server = serverOf(row.config)!;
  if (!tls && server.tls?.(row.config, port) === true) return plainOnTls;
  const files = filesOf(at, row, mounts);
  const response = server.answer(request, { config: row.config, files, hostname: hostnameIn(files), date: formatTime(at.env.nowUs), client, port });
  if (response.log !== undefined) log(at, row.shown.id, response.log);
  return response;
}

/** The same as text, for a connection that is carried as bytes. */
export const serve = (at: Turn, row: ContainerRow, mounts: Mounts, request: HttpRequest, client: string, port: number): string =>
  formatResponse(answerOf(at, row, mounts, request, { client, port, tls: false }), request, request.headers['connection']?.toLowerCase() === 'close' || request.version === 'HTTP/1.0');

/** HTTP from inside a Pod to itself. */
function fetchIn(at: Turn, row: ContainerRow, mounts: Mounts, files: Files, hostname: string): Fetch {
  return ({ method, host, port, path, agent, headers, body }) => {
    const ip = at.state.sandboxes.get(row.shown.podSandboxId)?.shown.ip ?? '';
    const own = host === 'localhost' || host.startsWith('127.') || host === ip || host === hostname || addressInHosts(files, host) === ip;
    if (!own) return { refused: 'no HTTP goes from one Pod to another in this model' };
    const server = whoServes(at, row.shown.podSandboxId, port);
    if (server === undefined) return { refused: 'Connection refused' };
    // The server finds what the run has written so far.
    keepFiles(at, row.shown.id, files);
    const given = Object.fromEntries(headers.map((header) => [header.slice(0, header.indexOf(':')).toLowerCase(), header.slice(header.indexOf(':') + 1).trim()]));
    return { response: serve(at, server, mounts, { method, path, version: 'HTTP/1.1', headers: { host: port === 80 ? host : `${host}:${port}`, 'user-agent': agent, ...given }, body }, host === ip ? ip : '127.0.0.1', port) };
  };
}

/** What process 1 was started as. */
const process1Of = ({ command, args, image }: ContainerRow['config']): string => [...command, ...args].join(' ') || (serverOf({ command, args, image, name: '', attempt: 0, env: [] }) === undefined ? image : image.includes('nginx') ? 'nginx: master process nginx -g daemon off;' : image);

export function placeOf(at: Turn, row: ContainerRow, mounts: Mounts): Place {
  const contents = contentsOf(row.config.image);
  const files = filesOf(at, row, mounts);
  const hostname = hostnameIn(files);
  return {
    files, commands, programs: contents.programs, path: contents.path, hostname, user: row.config.user ?? contents.user, process1: process1Of(row.config), bash: contents.shell === 'bash', nowUs: at.env.nowUs, date: formatTime,
    fetch: fetchIn(at, row, mounts, files, hostname), signal: (_name, afterUs) => { signalProcess1(at, row.shown.id, afterUs); },
  };
}

/** SIGTERM from inside: ends process 1 where it has a handler for it; the kernel ignores it otherwise. */
function signalProcess1(at: Turn, id: string, afterUs: number): void {
  const row = at.state.containers.get(id);
  const { onTerm } = row?.plan ?? {};
  if (row === undefined || onTerm === undefined) return;
  endProcess1(at, row, afterUs + onTerm.afterUs, onTerm.exitCode);
}

export function endProcess1(at: Turn, row: ContainerRow, afterUs: number, exitCode: number): void {
  at.state = withContainer(at.state, { ...row, endsAtUs: at.env.nowUs + afterUs, endsWith: exitCode });
  at.effects.push({ kind: 'set-timer', id: `exit/${row.shown.id}`, name: 'processExits', afterUs, body: row.shown.id, background: false });
}

/** The variables of a process in the container. */
export function variablesOf(row: ContainerRow, place: Place, tty: boolean): ReadonlyMap<string, string> {
  return new Map([['PATH', place.path], ['HOSTNAME', place.hostname], ...(tty ? [['TERM', 'xterm'] as const] : []), ...row.config.env.map(({ name, value }) => [name, toBytes(value)] as const), ['HOME', place.user === 0 ? '/root' : '/']]);
}

export const workingDirOf = (row: ContainerRow): string => row.config.workingDir ?? contentsOf(row.config.image).workingDir;

/** Keeps what a run has left behind. */
export const settle = (at: Turn, row: ContainerRow, run: Run): void => keepFiles(at, row.shown.id, run.place.files);
