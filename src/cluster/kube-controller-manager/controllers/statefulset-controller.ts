import { PMap } from '../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type Pod } from '../../../kubernetes/api/index.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import { defineCode, type Answer, type ControllerRequest, type Listers, type ObjectNews, type Reaction, type SyncContext, type SyncResult } from '../controller.ts';
import { revisionsIn } from '../plans/controller-revisions.ts';
import { isPodReady } from '../plans/pod-state.ts';
import { advance } from '../plans/procedure.ts';
import { claimName, claimTemplates, ordinalOf, startOrdinal, wantedReplicas, asObject, type Claim, type StatefulSet } from '../plans/stateful-set.ts';
import { syncSet, type Known, type Outcome } from '../plans/stateful-sync.ts';
import { ensureReady, wroteAt, type Written } from '../plans/consistency.ts';

const [claimsName, setsName] = ['persistentvolumeclaims', 'statefulsets.apps'] as const;

/** `written`: by set, up to where the caches must show its own writes. */
interface Memory { readonly written: PMap<string, Written> }
interface Step { readonly known: Known; readonly answered: readonly (readonly Answer[])[]; readonly asks: readonly ControllerRequest[] }
type Context = SyncContext<Memory, Step>;
type Result = SyncResult<Memory, Step>;

const named = <T>(list: Listers, name: string): Lister<T> => list(name as Parameters<Listers>[0]) as unknown as Lister<T>;
const setsIn = (list: Listers): Lister<StatefulSet> => named(list, setsName);

/** Keeps a StatefulSet's Pods, each with its own name and its own claims. Models pkg/controller/statefulset/stateful_set.go. */
export const statefulSetController = defineCode<Memory, Step>({
  memory: () => ({ written: PMap() }),
  react(news, { list }) {
    if (news.resource === setsName) return { keys: [objectKey(news.object)] };
    return news.resource === 'pods' ? reactToPod(news, list) : undefined;
  },
  sync(context) {
    const { key, step, memory, answers } = context;
    if (step === undefined) return begin(context);
    const written = wroteAt(memory.written, key, step.known.set.metadata.uid ?? '', step.asks, answers);
    return goOn({ ...context, memory: { written } }, step.known, [...step.answered, answers]);
  },
});

function ownerOf(pod: Pod, list: Listers): StatefulSet | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== 'StatefulSet') return undefined;
  const set = setsIn(list).get(pod.metadata.namespace ?? '', reference.name);
  return set?.metadata.uid === reference.uid ? set : undefined;
}

const keyOf = (set: StatefulSet): string => objectKey(asObject(set));

/** Models GetPodStatefulSets. */
function wouldAdopt(pod: Pod, list: Listers): readonly string[] {
  return [...setsIn(list).all()].filter((set) => set.metadata.namespace === pod.metadata.namespace && compileLabelSelector(set.spec.selector).matches(pod.metadata.labels)).map(keyOf);
}

/** Models addPod, updatePod and deletePod. */
function reactToPod({ type, object, old: before }: ObjectNews, list: Listers): Reaction<Memory> | undefined {
  const pod = object as Pod;
  const old = before as Pod | undefined;
  const set = ownerOf(pod, list);
  const owned = controllerOf(pod) !== undefined;
  if (type === 'deleted') return set === undefined ? undefined : { keys: [keyOf(set)] };
  if (type === 'added' || old === undefined) return set !== undefined ? { keys: [keyOf(set)] } : owned || pod.metadata.deletionTimestamp !== undefined ? undefined : { keys: wouldAdopt(pod, list) };
  const moved = controllerOf(old)?.uid !== controllerOf(pod)?.uid;
  const left = moved ? ownerOf(old, list) : undefined;
  const keys = left === undefined ? [] : [keyOf(left)];
  if (set !== undefined) {
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const later = minReadySeconds > 0 && !isPodReady(old) && isPodReady(pod) ? [{ key: keyOf(set), afterUs: minReadySeconds * 1_000_000 }] : [];
    return { keys: [...keys, keyOf(set), ...later] };
  }
  if (owned) return keys.length === 0 ? undefined : { keys };
  return moved || old.metadata.labels !== pod.metadata.labels ? { keys: [...keys, ...wouldAdopt(pod, list)] } : undefined;
}

/** What WaitForNamedCacheSync waits between two looks. */
const untilFilledUs = 100_000;

function begin(context: Context): Result {
  const { key, list, memory, nowUs } = context;
  if (!named(list, claimsName).synced || !revisionsIn(list).synced || !setsIn(list).synced) return { requeueAfterUs: untilFilledUs };
  const stale = ensureReady(memory.written.get(key), list);
  if (stale !== undefined) return { error: stale };
  const { namespace, name } = splitObjectKey(key);
  const set = setsIn(list).get(namespace, name);
  const settled = memory.written.has(key) ? { written: memory.written.delete(key) } : memory;
  if (set === undefined) return { memory: settled };
  const { uid = '' } = set.metadata;
  const pods = [...list('pods').byIndex('owner', uid)].filter((pod) => controllerOf(pod)?.uid === uid);
  const orphans = list('pods').countByIndex('orphan', namespace) > 0 ? [...list('pods').byIndex('orphan', namespace)] : [];
  const candidates = [...pods, ...orphans].sort((a, b) => ordinalOf(a) - ordinalOf(b));
  return goOn({ ...context, memory: settled }, { set, candidates, revisions: [...revisionsIn(list).all()], claims: claimsOfAll(list, set, candidates), nowUs }, []);
}

/** The claims that this set's Pods have or should have, as the cache shows them. */
function claimsOfAll(list: Listers, set: StatefulSet, pods: readonly Pod[]): ReadonlyMap<string, Claim> {
  const found = new Map<string, Claim>();
  const templates = claimTemplates(set);
  if (templates.length === 0) return found;
  const ordinals = new Set([...pods.map(ordinalOf), ...Array.from({ length: wantedReplicas(set) }, (_, index) => startOrdinal(set) + index)]);
  for (const ordinal of ordinals) {
    for (const { metadata } of templates) {
      const claim = named<Claim>(list, claimsName).get(set.metadata.namespace ?? '', claimName(set, metadata?.name ?? '', ordinal));
      if (claim !== undefined) found.set(claim.metadata.name, claim);
    }
  }
  return found;
}

function goOn({ memory }: Context, known: Known, answered: Step['answered']): Result {
  const { events, notes, ...now } = advance<Outcome>((told) => syncSet({ ...told, ...known }, known), answered);
  if (now.asks !== undefined) return { requests: now.asks, next: { known, answered, asks: now.asks }, events, notes, memory };
  const { error, again } = now.result;
  return { events, notes, memory, ...(error !== undefined ? { error } : again !== undefined && { requeueAfterUs: again }) };
}
