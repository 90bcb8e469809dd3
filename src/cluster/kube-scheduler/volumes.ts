/** The claims of Pods: what the scheduler hears of storage, and what it does before it binds a Pod. Models plugins/volumebinding/binder.go: AssumePodVolumes, BindPodVolumes. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { StorageClass } from '../../kubernetes/api/kept-specs.ts';
import { addInformer, call, lister, type ClientNews, type ClientState, type InformerSpec, type Lister } from '../../kubernetes/client-go/index.ts';
import { latePart } from '../../kubernetes/late-parts.ts';
import type { StorageView } from '../../kubernetes/storage/pod-volumes.ts';
import type { Claim, Volume } from '../../kubernetes/storage/volumes.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Env, Outcome } from '../../simulation/process/process.ts';
import type { ClusterEvent, NodeInfo, PodInfo } from './framework.ts';
import { moveOne, type QueuedPod } from './scheduling-queue.ts';
import type { SchedulerState } from './state.ts';

const informers = [
  { group: '', version: 'v1', resource: 'persistentvolumes' }, { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
  { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' },
] as const satisfies readonly InformerSpec[];
const named = <T>(client: ClientState, name: string): Lister<T> => lister(client, name as 'pods') as unknown as Lister<T>;

const pollUs = 1_000_000;
/** VolumeBindingArgs.bindTimeoutSeconds */
const timeoutUs = 600_000_000;

/** Whether what is said of storage is known; it is followed from the first Pod with a claim on, where upstream follows it from the start. */
export const knowsStorage = ({ followsStorage, client }: SchedulerState): boolean => followsStorage && informers.every(({ resource }) => named(client, resource).synced);

export function followStorage(state: SchedulerState): Outcome<SchedulerState> {
  let { client } = state;
  const effects: Effect[] = [];
  for (const spec of informers) {
    const [next, more] = addInformer(client, spec);
    client = next;
    effects.push(...more);
  }
  return [{ ...state, client, followsStorage: true }, effects];
}

/** All is listed: the Pods that were held back for it may be tried. */
export function storageIsKnown(state: SchedulerState, env: Env): SchedulerState {
  let { queue } = state;
  for (const { info, place } of state.queue.unschedulable.values()) {
    if (place === 'gated' && info.claims.length > 0) for (const name of info.claims) queue = moveOne(queue, info.key, { resource: 'PersistentVolumeClaim', namespace: info.pod.metadata.namespace ?? '', name }, env.nowUs, env.eventId);
  }
  return { ...state, queue };
}

/** What a piece of news about storage is to waiting Pods; undefined where it is not about storage, or helps nobody. */
export function storageEvent({ type, resource, object }: ClientNews & { readonly type: 'added' | 'updated' | 'deleted' }): ClusterEvent | 'no help' | undefined {
  const { namespace = '', name } = object.metadata;
  switch (resource as string) {
    case 'persistentvolumeclaims': return type === 'deleted' ? 'no help' : { resource: 'PersistentVolumeClaim', namespace, name };
    case 'persistentvolumes': return type === 'deleted' ? 'no help' : { resource: 'PersistentVolume' };
    case 'storageclasses': return type === 'added' ? { resource: 'StorageClass' } : 'no help';
    default: return undefined;
  }
}

/** The caches, with the volumes that were given to claims and are not shown so yet. */
function viewOf({ client, assumedVolumes }: SchedulerState): StorageView {
  const newer = (cached: Volume): Volume => {
    const own = assumedVolumes.get(cached.metadata.name);
    return own !== undefined && cached.spec.claimRef === undefined && own.metadata.uid === cached.metadata.uid ? own : cached;
  };
  const volumes = named<Volume>(client, 'persistentvolumes');
  return {
    claim: (namespace, name) => named<Claim>(client, 'persistentvolumeclaims').get(namespace, name),
    volume: (name) => { const cached = volumes.get('', name); return cached === undefined ? undefined : newer(cached); },
    volumes: () => Array.from(volumes.all(), newer),
    storageClass: (name) => named<StorageClass>(client, 'storageclasses').get('', name),
  };
}

/** The Pod with what its claims are now. */
export function withVolumes(state: SchedulerState, pod: PodInfo): PodInfo {
  return pod.claims.length === 0 ? pod : { ...pod, volumes: latePart('volumes').podVolumes(pod.pod.metadata.namespace ?? '', pod.claims, viewOf(state)) };
}

/** The tag of a write of a volume or a claim before a Pod is bound. */
export interface VolumeTag { readonly kind: 'volumes'; readonly key: string; readonly uid: string | undefined }

/** PreBind: asks for what the Pod's claims need on this node; nothing where all are bound. */
export function bindVolumes(state: SchedulerState, pod: QueuedPod, { volumes }: PodInfo, { node, name }: NodeInfo, env: Env): Outcome<SchedulerState> | undefined {
  const work = volumes === undefined ? undefined : latePart('volumes').workOn(volumes, node);
  if (work === undefined || work.volumes.length + work.claims.length === 0) return undefined;
  const { key } = pod.info;
  const tag: VolumeTag = { kind: 'volumes', key, uid: pod.info.pod.metadata.uid };
  let { client, assumedVolumes } = state;
  const effects: Effect[] = [];
  for (const object of [...work.volumes, ...work.claims] as unknown as readonly KubeObject[]) {
    const resource = object.kind === 'PersistentVolume' ? 'persistentvolumes' : 'persistentvolumeclaims';
    const { namespace, name: of } = object.metadata;
    const [next, more] = call(client, env, { verb: 'update', group: '', version: 'v1', resource, ...(namespace !== undefined && { namespace }), name: of, body: object }, { tag, cause: pod.cause, background: false });
    client = next;
    effects.push(...more);
  }
  for (const volume of work.volumes) assumedVolumes = assumedVolumes.set(volume.metadata.name, volume);
  const open = work.volumes.length + work.claims.length;
  return [{ ...state, client, assumedVolumes, binding: state.binding.set(key, { pod, nodeName: name, volumes: { open, untilUs: env.nowUs + timeoutUs, names: work.volumes.map(({ metadata }) => metadata.name) } }) }, effects];
}

/** The volumes are nobody's again. Models RevertAssumedPodVolumes. */
export const giveBack = (state: SchedulerState, names: readonly string[]): SchedulerState =>
  (names.length === 0 ? state : { ...state, assumedVolumes: names.reduce((rest, name) => rest.delete(name), state.assumedVolumes) });

/** What comes next for a Pod whose volumes are being bound: more answers, another look in a second, its binding, or an error. */
export type Next = { readonly next: 'wait'; readonly effects: readonly Effect[]; readonly state: SchedulerState } | { readonly next: 'bind' } | { readonly next: 'fail'; readonly error: string };

const lookAgain = (key: string): Effect => setTimer(`volumes/${key}`, pollUs, { name: 'volumes', body: key, background: false });

export function volumeAnswered(state: SchedulerState, { key }: VolumeTag, news: ClientNews & { readonly type: 'answer' }): Next {
  const waiting = state.binding.get(key)!;
  if (!news.ok) return { next: 'fail', error: (news.body as Status | undefined)?.message ?? 'the server did not answer' };
  const open = waiting.volumes!.open - 1;
  return { next: 'wait', state: { ...state, binding: state.binding.set(key, { ...waiting, volumes: { ...waiting.volumes!, open } }) }, effects: open > 0 ? [] : [lookAgain(key)] };
}

export function volumesLookedAt(state: SchedulerState, key: string, env: Env): Next {
  const { pod, volumes } = state.binding.get(key)!;
  if (latePart('volumes').areBound(pod.info.pod.metadata.namespace ?? '', pod.info.claims, viewOf(state))) return { next: 'bind' };
  return env.nowUs >= volumes!.untilUs ? { next: 'fail', error: 'binding volumes: context deadline exceeded' } : { next: 'wait', state, effects: [lookAgain(key)] };
}
