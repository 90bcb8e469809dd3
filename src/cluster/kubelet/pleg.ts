/** Generic PLEG: lists everything once a second and tells which Pods changed. Models pkg/kubelet/pleg/generic.go. */
import type { ContainerStatus as CriContainer, ListContainersResponse, ListPodSandboxResponse, PodSandbox } from '../../kubernetes/protocols/cri.ts';
import { request, setTimer } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import type { PodRuntime, Turn } from './kubelet-state.ts';
import { newestFirst } from './pod-runtime.ts';

const periodUs = 1_000_000;

/** The next relist is due a second after the last one; a node without Pods and without containers is not polled. */
export function keepRelisting(at: Turn): void {
  const { relist, workers } = at.state;
  if (relist.underWay || relist.timerSet || (relist.done && workers.size === 0 && relist.sandboxes.length === 0)) return;
  at.state = { ...at.state, relist: { ...relist, timerSet: true } };
  at.effects.push(setTimer('relist', periodUs, { background: true }));
}

/** Ask the runtime for its sandboxes, then for its containers. */
export function beginRelist(at: Turn): void {
  const { state } = at;
  at.state = { ...state, nextCall: state.nextCall + 1, relist: { ...state.relist, underWay: true, timerSet: false, beganAtUs: at.env.nowUs } };
  at.effects.push(request(`pleg/sandboxes/${state.nextCall}`, state.input.runtime, { type: 'cri.ListPodSandbox', body: {}, background: true }, { timeoutUs: 120_000_000 }));
}

export function sandboxesListed(at: Turn, event: ProcessEvent): void {
  const { state } = at;
  const { items } = event.body as ListPodSandboxResponse;
  at.state = { ...state, nextCall: state.nextCall + 1, relist: { ...state.relist, sandboxesSeen: items } };
  at.effects.push(request(`pleg/containers/${state.nextCall}`, state.input.runtime, { type: 'cri.ListContainers', body: {}, background: true }, { timeoutUs: 120_000_000 }));
}

/** The runtime did not answer; the node's readiness suffers from that elsewhere, here it is asked again. */
export function relistFailed(at: Turn): void {
  at.state = { ...at.state, relist: { ...at.state.relist, underWay: false } };
  keepRelisting(at);
}

/** What a relist found: the Pods that changed since the last one, with all that the runtime has of them now. */
export interface RelistNews { readonly changed: ReadonlyMap<string, PodRuntime>; readonly first: boolean }

export function containersListed(at: Turn, event: ProcessEvent): RelistNews {
  const { containers } = event.body as ListContainersResponse;
  const { relist } = at.state;
  const sandboxes = relist.sandboxesSeen;
  at.state = { ...at.state, relist: { underWay: false, timerSet: relist.timerSet, beganAtUs: relist.beganAtUs, trueAtUs: relist.beganAtUs, done: true, sandboxes, containers, sandboxesSeen: [] } };
  return { first: !relist.done, changed: changedPods(relist.sandboxes, relist.containers, sandboxes, containers) };
}

/** Rows are immutable and shared by reference, so what is the same object has not changed; an unchanged list is the same array. */
export function changedPods(oldSandboxes: readonly PodSandbox[], oldContainers: readonly CriContainer[], sandboxes: readonly PodSandbox[], containers: readonly CriContainer[]): ReadonlyMap<string, PodRuntime> {
  const changed = new Map<string, PodRuntime>();
  if (oldSandboxes === sandboxes && oldContainers === containers) return changed;
  const touched = new Set<string>();
  difference(oldSandboxes, sandboxes, (sandbox) => touched.add(sandbox.metadata.uid));
  const uidOf = new Map<string, string>();
  const touchedIn: string[] = [];
  difference(oldContainers, containers, ({ podSandboxId }) => touchedIn.push(podSandboxId));
  if (touchedIn.length > 0) {
    const ids = new Set(touchedIn);
    for (const { id, metadata } of oldSandboxes) if (ids.has(id)) uidOf.set(id, metadata.uid);
    for (const { id, metadata } of sandboxes) if (ids.has(id)) uidOf.set(id, metadata.uid);
    for (const id of touchedIn) { const uid = uidOf.get(id); if (uid !== undefined) touched.add(uid); }
  }
  const gathered = new Map<string, { sandboxes: PodSandbox[]; containers: CriContainer[] }>();
  const bySandbox = new Map<string, { sandboxes: PodSandbox[]; containers: CriContainer[] }>();
  for (const uid of touched) gathered.set(uid, { sandboxes: [], containers: [] });
  for (const { id, metadata } of oldSandboxes) { const pod = gathered.get(metadata.uid); if (pod !== undefined) bySandbox.set(id, pod); }
  for (const sandbox of sandboxes) {
    const pod = gathered.get(sandbox.metadata.uid);
    if (pod === undefined) continue;
    pod.sandboxes.push(sandbox);
    bySandbox.set(sandbox.id, pod);
  }
  for (const container of containers) bySandbox.get(container.podSandboxId)?.containers.push(container);
  for (const [uid, runtime] of gathered) {
    runtime.sandboxes.sort((a, b) => b.metadata.attempt - a.metadata.attempt || b.createdAtUs - a.createdAtUs);
    runtime.containers.sort(newestFirst);
    changed.set(uid, runtime);
  }
  return changed;
}

function difference<Row extends object>(before: readonly Row[], after: readonly Row[], tell: (row: Row) => void): void {
  if (before === after) return;
  // Both lists have the same order, so most rows are at the same distance from one end.
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1;
  let behind = 0;
  while (behind < before.length - from && behind < after.length - from && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind += 1;
  const old = new Set<Row>();
  for (let i = from; i < before.length - behind; i += 1) old.add(before[i]!);
  for (let i = from; i < after.length - behind; i += 1) if (!old.delete(after[i]!)) tell(after[i]!);
  for (const row of old) tell(row);
}
