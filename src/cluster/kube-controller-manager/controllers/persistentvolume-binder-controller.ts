import { PMap } from '../../../simulation/collections/index.ts';
import { splitObjectKey, type KubeObject, type Pod } from '../../../kubernetes/api/index.ts';
import type { StorageClass } from '../../../kubernetes/api/kept-specs.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import type { Claim, Volume } from '../../../kubernetes/storage/volumes.ts';
import { defineCode, type Answer, type ControllerRequest, type Listers, type ObjectNews, type SyncContext, type SyncResult, type Wanted } from '../controller.ts';
import { advance, type Procedure, type Told } from '../plans/procedure.ts';
import { keyOf, syncClaim, syncVolume, type Known, type Outcome } from '../plans/volume-binding.ts';

/** `newest`: what it has itself written and the caches do not show yet. `resyncing`: whether all are to be looked at again. */
interface Memory { readonly newest: PMap<string, KubeObject>; readonly resyncing: boolean }
interface Step { readonly known: Known; readonly answered: readonly (readonly Answer[])[]; readonly asks: readonly ControllerRequest[] }
type Context = SyncContext<Memory, Step>;
type Result = SyncResult<Memory, Step>;

const resyncKey = 'all';
/** --pvclaimbinder-sync-period */
const resyncUs = 15_000_000;
/** What WaitForNamedCacheSync waits between two looks. */
const untilFilledUs = 100_000;
const resources = { claim: 'persistentvolumeclaims', volume: 'persistentvolumes', class: 'storageclasses.storage.k8s.io' } as const;
const named = <T>(list: Listers, name: string): Lister<T> => list(name as Parameters<Listers>[0]) as unknown as Lister<T>;
const claimKey = (key: string): string => `${resources.claim} ${key}`;
const volumeKey = (name: string): string => `${resources.volume} ${name}`;
const keyOfObject = ({ metadata: { namespace, name } }: KubeObject): string => (namespace === undefined ? volumeKey(name) : claimKey(keyOf({ namespace, name })));
const revision = (object: KubeObject | undefined): number => Number(object?.metadata.resourceVersion ?? 0);

/** Binds claims to volumes that are there, and lets volumes go. Models pkg/controller/volume/persistentvolume/pv_controller_base.go; what one class alone can make, its provisioner has to. */
export const persistentVolumeBinderController = defineCode<Memory, Step>({
  memory: () => ({ newest: PMap(), resyncing: false }),
  react(news, { memory }) {
    if (news.resource !== resources.claim && news.resource !== resources.volume) return undefined;
    const next = memory.resyncing ? memory : { ...memory, resyncing: true };
    return { keys: [...keysOf(news), ...(memory.resyncing ? [] : [{ key: resyncKey, afterUs: resyncUs, background: true }])], memory: forget(next, news) };
  },
  sync(context) {
    const { key, step, memory, answers, list } = context;
    if (key === resyncKey) return resync(context);
    if (step === undefined) {
      const filled = Object.values(resources).every((name) => named(list, name).synced);
      return filled ? goOn(context, knownTo(context), []) : { requeueAfterUs: untilFilledUs };
    }
    let { newest } = memory;
    for (const { ok, body } of answers) if (ok && body !== undefined && 'spec' in body) newest = newest.set(keyOfObject(body as KubeObject), body as KubeObject);
    return goOn({ ...context, memory: { ...memory, newest } }, step.known, [...step.answered, answers]);
  },
});

/** Who is gone asks for a look at the other side. Models deleteClaim and deleteVolume. */
function keysOf({ type, object }: ObjectNews): readonly Wanted[] {
  if (type !== 'deleted') return [keyOfObject(object)];
  const { claimRef, volumeName } = object.spec as Partial<Volume['spec'] & Claim['spec']>;
  return claimRef !== undefined ? [claimKey(keyOf(claimRef))] : volumeName ? [volumeKey(volumeName)] : [];
}

/** The cache shows it now. */
function forget(memory: Memory, { object, type }: ObjectNews): Memory {
  const key = keyOfObject(object);
  const known = memory.newest.get(key);
  return known === undefined || (type !== 'deleted' && revision(known) > revision(object)) ? memory : { ...memory, newest: memory.newest.delete(key) };
}

/** As the cache or its own last write shows it, whichever is newer. */
function latest<T>({ list, memory }: Context, name: string, namespace: string, key: string): T | undefined {
  const cached = named<KubeObject>(list, name).get(namespace, namespace === '' ? key : key.slice(namespace.length + 1));
  const own = memory.newest.get(`${name} ${key}`);
  return (cached !== undefined && revision(own) > revision(cached) ? own : cached) as unknown as T | undefined;
}

function knownTo(context: Context): Known {
  const { key, list } = context;
  const [resource = '', of = ''] = key.split(' ');
  const volumes = [...named<KubeObject>(list, resources.volume).all()].map(({ metadata }) => latest<Volume>(context, resources.volume, '', metadata.name)!).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const volume = resource === resources.volume ? volumes.find(({ metadata }) => metadata.name === of) : undefined;
  const ofClaim = resource === resources.claim ? of : volume?.spec.claimRef === undefined ? '' : keyOf(volume.spec.claimRef);
  const { namespace } = splitObjectKey(ofClaim);
  const claim = ofClaim === '' ? undefined : latest<Claim>(context, resources.claim, namespace, ofClaim);
  const waitingPods = claim === undefined ? [] : ([...list('pods').byIndex('namespace', namespace)] as readonly Pod[]).filter((pod) => isWaitingFor(pod, claim.metadata.name)).map(({ metadata }) => metadata.name).sort();
  return { claim, volume, volumes, classes: [...named<StorageClass>(list, resources.class).all()], waitingPods };
}

/** Models findNonScheduledPodsByPVC. */
const isWaitingFor = ({ spec, status }: Pod, claim: string): boolean =>
  !spec.nodeName && status?.phase !== 'Succeeded' && status?.phase !== 'Failed' && (spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim);

function goOn({ key, memory }: Context, known: Known, answered: Step['answered']): Result {
  const work = (told: Told): Procedure<Outcome> => (key.startsWith(resources.volume) ? syncVolume(told, known) : syncClaim(told, known));
  const { events, notes, ...now } = advance(work, answered);
  if (now.asks !== undefined) return { requests: now.asks, next: { known, answered, asks: now.asks }, events, notes, memory };
  const { error, claims = [] } = now.result;
  return { events, notes, memory, keys: claims.map(claimKey), ...(error !== undefined && { error }) };
}

/** Models resync: a claim that found nothing finds what has come since. */
function resync({ list, memory }: Context): Result {
  const keys = [resources.claim, resources.volume].flatMap((name) => Array.from(named<KubeObject>(list, name).all(), keyOfObject));
  return keys.length === 0 ? { memory: { ...memory, resyncing: false } } : { keys: keys.map((key) => ({ key, afterUs: 0, background: true })), requeueAfterUs: resyncUs, requeueInBackground: true };
}
