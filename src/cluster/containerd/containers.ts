/** Containers and their processes. Models containerd internal/cri/server/container_create.go, container_start.go, container_stop.go. */
import type {
  ContainerLogsRequest, ContainerLogsResponse, ContainerRequest, ContainerStatus, CreateContainerRequest, CreateContainerResponse, StopContainerRequest, UpdateContainerResourcesRequest,
} from '../../kubernetes/protocols/cri.ts';
import type { Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { clearTimer, note, respond } from '../../simulation/process/effects.ts';
import { parseReference } from './images.ts';
import { exitTimer } from './container-list.ts';
import { newId } from './ids.ts';
import type { Turn } from './inside/container.ts';
import { followLog, letGo } from './inside/conversations.ts';
import { lastLines, writtenBy } from './inside/log.ts';
import { runMain } from './inside/main-process.ts';
import { planProgram } from './program.ts';
import { usageOf } from './usage.ts';
import { ended, withContainer, type ContainerdState, type ContainerRow } from './runtime-state.ts';
import { refuse } from './sandboxes.ts';

const notFound = (id: string): string => `rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`;

/** Prepare a container from a local image: a snapshot and a spec, no process yet. */
export function createContainer(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { podSandboxId, config } = event.body as CreateContainerRequest;
  const sandbox = state.sandboxes.get(podSandboxId);
  if (sandbox === undefined) return [state, [refuse(event.id, `failed to find sandbox id "${podSandboxId}": not found`)]];
  const image = state.images.get(parseReference(config.image)?.full ?? config.image);
  if (image === undefined) return [state, [refuse(event.id, `failed to resolve image "${config.image}": not found`)]];
  const id = newId(event.env);
  const shown: ContainerStatus = {
    id, podSandboxId, name: config.name, attempt: config.attempt, image: parseReference(config.image)?.full ?? config.image, imageRef: image.imageRef,
    state: 'CONTAINER_CREATED', createdAtUs: event.env.nowUs, startedAtUs: 0, finishedAtUs: 0, exitCode: 0, reason: '', message: '',
  };
  const plan = planProgram(config);
  const row: ContainerRow = { shown, config, plan, usage: usageOf(plan, config), endsAtUs: undefined, endsWith: 0, stopRequests: [] };
  const next = withContainer(state, row);
  const body: CreateContainerResponse = { containerId: id };
  return [
    { ...next, sandboxes: next.sandboxes.set(podSandboxId, { ...sandbox, containers: [...sandbox.containers, id] }) },
    [respond(event.id, { type: 'cri.CreateContainerResponse', body }, 20_000 + event.env.random('containerd/create', 20_000))],
  ];
}

/** Start the process. When it will end by itself is known from its plan; a timer ends it then. */
export function startContainer(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { containerId } = event.body as ContainerRequest;
  const row = state.containers.get(containerId);
  if (row === undefined) return [state, [refuse(event.id, notFound(containerId))]];
  if (row.shown.state !== 'CONTAINER_CREATED') return [state, [refuse(event.id, `failed to set starting state for container "${containerId}": container is already in ${row.shown.state} state`)]];
  const workUs = 60_000 + event.env.random('containerd/start', 40_000);
  const startedAtUs = event.env.nowUs + workUs;
  const at: Turn = { state, effects: [], env: event.env };
  const plan = runMain(at, row, startedAtUs) ?? row.plan;
  const { runsForUs, exitCode } = plan;
  const endsAtUs = runsForUs === undefined ? undefined : startedAtUs + runsForUs;
  const next = withContainer(at.state, { ...row, plan, endsAtUs, endsWith: exitCode, shown: { ...row.shown, state: 'CONTAINER_RUNNING', startedAtUs } });
  const answer = respond(event.id, { type: 'cri.StartContainerResponse', body: {} }, workUs);
  return [next, endsAtUs === undefined ? [answer] : [answer, exitTimer(containerId, endsAtUs - event.env.nowUs)]];
}

/** A process has ended: the shim tells, the exit code is kept, and whoever asked for the stop is answered. */
export function processExited(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const row = state.containers.get(event.body as string);
  if (row === undefined || row.shown.state !== 'CONTAINER_RUNNING') return [state, []];
  const text = `container ${row.shown.name} exited with code ${row.endsWith}`;
  const [next, effects] = letGo(withContainer(state, ended(row, event.env.nowUs, row.endsWith)), event.env, row.shown.id, row.endsWith);
  return [
    next,
    [note({ name: 'exit', text }), ...effects, ...row.stopRequests.map((id) => respond(id, { type: 'cri.StopContainerResponse', body: {} }, 5_000))],
  ];
}

/** SIGTERM now, SIGKILL at the end of the grace period; the answer comes when the process is gone. */
export function stopContainer(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { containerId, timeoutSeconds } = event.body as StopContainerRequest;
  const row = state.containers.get(containerId);
  const done = respond(event.id, { type: 'cri.StopContainerResponse', body: {} }, 1_000);
  if (row === undefined) return [state, [done]];
  if (row.shown.state === 'CONTAINER_CREATED') return [withContainer(state, ended(row, event.env.nowUs, 137)), [done]];
  if (row.shown.state === 'CONTAINER_EXITED') return [state, [done]];
  const { onTerm } = row.plan;
  const graceUs = Math.max(0, timeoutSeconds) * 1_000_000;
  const killAt = event.env.nowUs + graceUs;
  const termAt = onTerm === undefined || graceUs === 0 ? Infinity : event.env.nowUs + onTerm.afterUs;
  const endsAtUs = Math.min(killAt, termAt, row.endsAtUs ?? Infinity);
  const endsWith = endsAtUs === row.endsAtUs ? row.endsWith : endsAtUs === termAt ? onTerm!.exitCode : 137;
  const next = withContainer(state, { ...row, endsAtUs, endsWith, stopRequests: [...row.stopRequests, event.id] });
  return [next, [exitTimer(containerId, endsAtUs - event.env.nowUs)]];
}

/** Other bounds for a container, while it runs. Models container_update_resources.go. */
export function updateResources(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { containerId, linux } = event.body as UpdateContainerResourcesRequest;
  const row = state.containers.get(containerId);
  if (row === undefined) return [state, [refuse(event.id, notFound(containerId))]];
  const config = { ...row.config, linux: { resources: linux } };
  return [withContainer(state, { ...row, config, usage: usageOf(row.plan, config) }), [respond(event.id, { type: 'cri.UpdateContainerResourcesResponse', body: {} }, 5_000)]];
}

/** Forget a container that has ended. */
export function removeContainer(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { containerId } = event.body as ContainerRequest;
  const done = respond(event.id, { type: 'cri.RemoveContainerResponse', body: {} }, 10_000);
  const row = state.containers.get(containerId);
  if (row === undefined) return [state, [done]];
  const sandbox = state.sandboxes.get(row.shown.podSandboxId);
  return [
    {
      ...state, containers: state.containers.delete(containerId), containerList: undefined, insides: state.insides.size === 0 ? state.insides : state.insides.delete(containerId),
      sandboxes: sandbox === undefined ? state.sandboxes : state.sandboxes.set(sandbox.shown.id, { ...sandbox, containers: sandbox.containers.filter((id) => id !== containerId) }),
    },
    [clearTimer(`exit/${containerId}`), done],
  ];
}

/** What the process has written so far. */
export function containerLogs(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  if (event.kind === 'stream-open') return followLog(state, event);
  const { containerId, sinceUs = 0, tailLines = Infinity } = event.body as ContainerLogsRequest;
  const row = state.containers.get(containerId);
  if (row === undefined) return [state, [refuse(event.id, notFound(containerId))]];
  const { finishedAtUs, state: is } = row.shown;
  const until = is === 'CONTAINER_EXITED' ? finishedAtUs : event.env.nowUs;
  const body: ContainerLogsResponse = { lines: lastLines(writtenBy(state, row, until), sinceUs, tailLines) };
  return [state, [respond(event.id, { type: 'cri.ContainerLogsResponse', body }, 2_000)]];
}
