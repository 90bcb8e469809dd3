/** Pod sandboxes: a network namespace held by a pause container. Models containerd internal/cri/server/sandbox_run.go, sandbox_stop.go, sandbox_remove.go. */
import type { CniError, CniRequest, CniResult } from '../../kubernetes/protocols/cni.ts';
import type { CriError, ListPodSandboxResponse, PodSandboxRequest, RunPodSandboxRequest, RunPodSandboxResponse } from '../../kubernetes/protocols/cri.ts';
import type { Effect, Failure, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { clearTimer, request, respond } from '../../simulation/process/effects.ts';
import { newId } from './ids.ts';
import { ended, withSandbox, type ContainerdState, type NetworkCall, type SandboxRow } from './runtime-state.ts';

/** The gRPC error a CRI call ends with. */
export const refuse = (criRequest: string, message: string, workUs = 1_000): Effect => respond(criRequest, { type: 'cri.Error', body: { message } satisfies CriError }, workUs);

/** A new sandbox: its network first (CNI ADD, the address is born there), then the pause container. */
export function runPodSandbox(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { metadata, hostNetwork } = event.body as RunPodSandboxRequest;
  const id = newId(event.env);
  const row: SandboxRow = { hostNetwork, containers: [], shown: { id, metadata, state: 'SANDBOX_READY', ip: '', createdAtUs: event.env.nowUs } };
  if (hostNetwork) return sandboxIsUp(state, row, event.id, event);
  return callPlugin(state, { verb: 'ADD', sandboxId: id, criRequest: event.id, row }, 15_000 + event.env.random('containerd/sandbox', 20_000));
}

function callPlugin(state: ContainerdState, call: NetworkCall, workUs: number): Outcome<ContainerdState> {
  const id = `cni/${state.nextCall}`;
  const { name, namespace } = call.row.shown.metadata;
  const body: CniRequest = { containerId: call.sandboxId, podName: name, podNamespace: namespace, ifName: 'eth0' };
  return [
    { ...state, nextCall: state.nextCall + 1, networkCalls: state.networkCalls.set(id, call) },
    [request(id, state.cni, { type: `cni.${call.verb}`, body }, { workUs })],
  ];
}

function sandboxIsUp(state: ContainerdState, row: SandboxRow, criRequest: string, event: ProcessEvent): Outcome<ContainerdState> {
  const body: RunPodSandboxResponse = { podSandboxId: row.shown.id };
  const workUs = 80_000 + event.env.random('containerd/sandbox', 70_000);
  return [withSandbox(state, row), [respond(criRequest, { type: 'cri.RunPodSandboxResponse', body }, workUs)]];
}

/** The plugin has done its work, or has refused it, or is not there. */
export function networkAnswered(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const call = state.networkCalls.get(event.id);
  if (call === undefined) return [state, []];
  const next = { ...state, networkCalls: state.networkCalls.delete(event.id) };
  const error = event.type === 'cni.Result' ? undefined
    : event.type === 'cni.Error' ? (event.body as CniError).message
      : `plugin type="bridge" failed (${call.verb === 'ADD' ? 'add' : 'delete'}): ${(event.body as Failure).reason}`;
  if (call.verb === 'ADD') {
    if (error !== undefined) return [next, [refuse(call.criRequest, `failed to setup network for sandbox "${call.sandboxId}": ${error}`)]];
    return sandboxIsUp(next, { ...call.row, shown: { ...call.row.shown, ip: (event.body as CniResult).ip } }, call.criRequest, event);
  }
  if (error !== undefined) return [next, [refuse(call.criRequest, `failed to destroy network for sandbox "${call.sandboxId}": ${error}`)]];
  return sandboxIsDown(next, call.sandboxId, call.criRequest);
}

function sandboxIsDown(state: ContainerdState, sandboxId: string, criRequest: string): Outcome<ContainerdState> {
  const row = state.sandboxes.get(sandboxId);
  const done = respond(criRequest, { type: 'cri.StopPodSandboxResponse', body: {} }, 20_000);
  if (row === undefined || row.shown.state === 'SANDBOX_NOTREADY') return [state, [done]];
  return [withSandbox(state, { ...row, shown: { ...row.shown, state: 'SANDBOX_NOTREADY' } }), [done]];
}

/** Stop a sandbox: whatever still runs in it is killed, then its network is taken away (CNI DEL). */
export function stopPodSandbox(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { podSandboxId } = event.body as PodSandboxRequest;
  const row = state.sandboxes.get(podSandboxId);
  if (row === undefined) return [state, [respond(event.id, { type: 'cri.StopPodSandboxResponse', body: {} }, 1_000)]];
  const [killed, effects] = killAll(state, row, event.env.nowUs);
  const [next, more] = row.hostNetwork
    ? sandboxIsDown(killed, podSandboxId, event.id)
    : callPlugin(killed, { verb: 'DEL', sandboxId: podSandboxId, criRequest: event.id, row }, 10_000);
  return [next, [...effects, ...more]];
}

function killAll(state: ContainerdState, row: SandboxRow, nowUs: number): Outcome<ContainerdState> {
  let containers = state.containers;
  const effects: Effect[] = [];
  for (const id of row.containers) {
    const container = containers.get(id);
    if (container === undefined || container.shown.state !== 'CONTAINER_RUNNING') continue;
    containers = containers.set(id, ended(container, nowUs, 137));
    effects.push(clearTimer(`exit/${id}`), ...container.stopRequests.map((stop) => respond(stop, { type: 'cri.StopContainerResponse', body: {} }, 5_000)));
  }
  return effects.length === 0 ? [state, effects] : [{ ...state, containers, containerList: undefined }, effects];
}

/** What was written in a Pod goes with its last sandbox. */
function forgetInsides(state: ContainerdState, { containers, shown: { id, metadata: { uid } } }: SandboxRow): ContainerdState {
  if (state.insides.size === 0 && state.volumes.size === 0) return state;
  const insides = state.insides.withMutations((map) => { for (const container of containers) map.delete(container); });
  if ([...state.sandboxes.values()].some(({ shown }) => shown.id !== id && shown.metadata.uid === uid)) return { ...state, insides };
  return { ...state, insides, volumes: state.volumes.withMutations((map) => { for (const key of state.volumes.keys()) if (key.startsWith(`${uid}/`)) map.delete(key); }) };
}

/** Forget a sandbox and the containers in it. */
export function removePodSandbox(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { podSandboxId } = event.body as PodSandboxRequest;
  const row = state.sandboxes.get(podSandboxId);
  const done = respond(event.id, { type: 'cri.RemovePodSandboxResponse', body: {} }, 10_000);
  if (row === undefined) return [state, [done]];
  const [killed, effects] = killAll(state, row, event.env.nowUs);
  const containers = killed.containers.withMutations((map) => { for (const id of row.containers) map.delete(id); });
  return [
    { ...forgetInsides(killed, row), containers, sandboxes: killed.sandboxes.delete(podSandboxId), sandboxList: undefined, containerList: undefined },
    [...effects, done],
  ];
}

/** Every sandbox of the node; the same array as long as none changed. */
export function listPodSandbox(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const items = state.sandboxList ?? [...state.sandboxes.values()].map(({ shown }) => shown);
  const body: ListPodSandboxResponse = { items };
  return [items === state.sandboxList ? state : { ...state, sandboxList: items }, [respond(event.id, { type: 'cri.ListPodSandboxResponse', body }, 1_000)]];
}
