/** How a StatefulSet's Pods and their claims are made, mended and deleted, call by call. Models pkg/controller/statefulset/stateful_pod_control.go. */
import { objectKey, type Pod } from '../../../kubernetes/api/index.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import { create, isAlreadyThere, messageOf, remove, update, type Resource } from '../requests.ts';
import { ask, type Procedure, type Told } from './procedure.ts';
import { claimsOf, hasStaleOwner, hasUnexpectedController, isClaimOwnerUpToDate, keepsScaledClaims, withClaimOwner } from './stateful-claims.ts';
import { asObject, claimName, claimTemplates, identityMatches, ordinalOf, storageMatches, wantedReplicas, withIdentity, withStorage, type Claim, type Replica, type StatefulSet } from './stateful-set.ts';

/** What a sync knows, as it was in the caches when it began, and where it tells what it does. */
export interface Sync extends Told { readonly set: StatefulSet; readonly claims: ReadonlyMap<string, Claim>; readonly nowUs: SimTime }

/** Whether the work on the set goes on after this, is over for now, or has failed. */
export type Then = 'go on' | 'stop' | { readonly error: string };

export const claimResource: Resource = { group: '', version: 'v1', resource: 'persistentvolumeclaims', namespaced: true };

/** Go's words for several errors in one. */
export const aggregate = (errors: readonly string[]): string => (errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);

type Verb = 'Create' | 'Update' | 'Delete';

function tell({ set, events }: Sync, verb: Verb, what: string, error?: string): void {
  events.push(error === undefined
    ? { regarding: asObject(set), type: 'Normal', reason: `Successful${verb}`, message: `${verb} ${what}` }
    : { regarding: asObject(set), type: 'Warning', reason: `Failed${verb}`, message: `${verb} ${what} failed error: ${error}` });
}

function tellOfPod(sync: Sync, verb: Verb, { metadata: { name } }: Replica, error?: string): void {
  const what = `Pod ${name} in StatefulSet ${sync.set.metadata.name}`;
  tell(sync, verb, error === undefined ? `${what} successful` : what, error);
}

const known = (sync: Sync, pod: Replica): readonly Claim[] => claimTemplates(sync.set).flatMap(({ metadata }) => sync.claims.get(claimName(sync.set, metadata?.name ?? '', ordinalOf(pod))) ?? []);

function* createClaims(sync: Sync, pod: Replica): Procedure<string | undefined> {
  const errors: string[] = [];
  for (const claim of claimsOf(sync.set, pod)) {
    const { name, namespace } = claim.metadata;
    const there = sync.claims.get(name);
    if (there !== undefined) {
      if (there.metadata.deletionTimestamp !== undefined) errors.push(`pvc ${name} is being deleted`);
      continue;
    }
    const answer = yield* ask(create(claimResource, namespace, asObject(claim)));
    const about = `Pod ${pod.metadata.name} in StatefulSet ${sync.set.metadata.name}`;
    if (answer.ok) tell(sync, 'Create', `Claim ${name} ${about} success`);
    else {
      errors.push(`failed to create PVC ${name}: ${messageOf(answer)}`);
      if (!isAlreadyThere(answer)) tell(sync, 'Create', `Claim ${name} for ${about}`, messageOf(answer));
    }
  }
  return errors.length === 0 ? undefined : aggregate(errors);
}

/** Models UpdatePodClaimForRetentionPolicy; claims that the cache does not show yet have their turn in the next sync. */
function* ownClaims(sync: Sync, pod: Replica): Procedure<string | undefined> {
  for (const claim of known(sync, pod)) {
    const { name } = claim.metadata;
    if (hasUnexpectedController(claim, sync.set, pod)) {
      const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
      sync.events.push({ regarding: asObject(sync.set), type: 'Warning', reason: 'ConflictingController', message });
    }
    if (isClaimOwnerUpToDate(claim, sync.set, pod)) continue;
    const answer = yield* ask(update(asObject(withClaimOwner(claim, sync.set, pod))));
    if (!answer.ok) return `could not update claim ${name} for delete policy ownerRefs: ${messageOf(answer)}`;
  }
  return undefined;
}

/** Models ClaimsMatchRetentionPolicy. */
export const claimsAreOwned = (sync: Sync, pod: Replica): boolean => known(sync, pod).every((claim) => isClaimOwnerUpToDate(claim, sync.set, pod));

/** A claim that still belongs to the Pod that had this name before will go with it. Models PodClaimIsStale. */
export const hasStaleClaim = (sync: Sync, pod: Replica): boolean => !keepsScaledClaims(sync.set) && known(sync, pod).some((claim) => hasStaleOwner(claim, pod));

export function* createPod(sync: Sync, pod: Replica): Procedure<Then> {
  const withoutClaims = yield* createClaims(sync, pod);
  if (withoutClaims !== undefined) {
    tellOfPod(sync, 'Create', pod, withoutClaims);
    return { error: withoutClaims };
  }
  sync.notes.push({ name: 'replicas', text: `StatefulSet ${objectKey(asObject(sync.set))} wants ${wantedReplicas(sync.set)}: creating ${pod.metadata.name}` });
  const answer = yield* ask(create('pods', pod.metadata.namespace, pod));
  if (isAlreadyThere(answer)) return { error: messageOf(answer) };
  const error = yield* ownClaims(sync, pod);
  if (error !== undefined) {
    tellOfPod(sync, 'Update', pod, error);
    return { error };
  }
  tellOfPod(sync, 'Create', pod, answer.ok ? undefined : messageOf(answer));
  return answer.ok ? 'go on' : { error: messageOf(answer) };
}

/** Models createMissingPersistentVolumeClaims. */
export function* createMissingClaims(sync: Sync, pod: Replica): Procedure<Then> {
  const missing = yield* createClaims(sync, pod);
  if (missing !== undefined) return { error: missing };
  const error = yield* ownClaims(sync, pod);
  if (error === undefined) return 'go on';
  tellOfPod(sync, 'Update', pod, error);
  return { error };
}

export function* fixClaims(sync: Sync, pod: Replica): Procedure<Then> {
  const error = claimsAreOwned(sync, pod) ? undefined : yield* ownClaims(sync, pod);
  return error === undefined ? 'go on' : { error };
}

/** Gives a Pod back its identity, its volumes and its claims. Models UpdateStatefulPod; a conflict is left to the queue's next try. */
export function* updatePod(sync: Sync, pod: Pod): Procedure<Then> {
  let error: string | undefined;
  const named = identityMatches(sync.set, pod) ? pod : withIdentity(pod);
  const stored = storageMatches(sync.set, pod) ? named : { ...named, spec: withStorage(sync.set, ordinalOf(pod), named.spec) };
  if (stored !== named) error = yield* createClaims(sync, pod);
  const owned = claimsAreOwned(sync, pod);
  if (error === undefined && !owned) error = yield* ownClaims(sync, pod);
  if (error !== undefined) {
    tellOfPod(sync, 'Update', pod, error);
    return { error };
  }
  if (stored === pod && owned) return 'go on';
  const answer = yield* ask(update(stored));
  if (answer.code !== 409) tellOfPod(sync, 'Update', pod, answer.ok ? undefined : messageOf(answer));
  return answer.ok ? 'go on' : { error: messageOf(answer) };
}

/** `why` is for the eye alone. */
export function* deletePod(sync: Sync, pod: Replica, why: string): Procedure<Then> {
  sync.notes.push({ name: 'replicas', text: `StatefulSet ${objectKey(asObject(sync.set))} ${why}: deleting ${pod.metadata.name}` });
  const answer = yield* ask(remove('pods', pod.metadata.namespace, pod.metadata.name));
  const error = answer.ok || answer.code === 404 ? undefined : messageOf(answer);
  tellOfPod(sync, 'Delete', pod, error);
  return error === undefined ? 'go on' : { error };
}
