/** Who owns the claims of a StatefulSet's Pods. Models pkg/controller/statefulset/stateful_set_utils.go: isClaimOwnerUpToDate, updateClaimOwnerRefForSetAndPod and what they ask. */
import type { KubeObject, OwnerReference, PartialObjectMeta } from '../../../kubernetes/api/index.ts';
import { newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';
import { asObject, claimName, claimTemplates, isInRange, ordinalOf, type Claim, type Replica, type StatefulSet } from './stateful-set.ts';

type Owner = { readonly apiVersion: string; readonly kind: string; readonly metadata: PartialObjectMeta };

const retentionOf = ({ spec }: StatefulSet) => ({ whenDeleted: 'Retain', whenScaled: 'Retain', ...spec.persistentVolumeClaimRetentionPolicy });
export const keepsScaledClaims = (set: StatefulSet): boolean => retentionOf(set).whenScaled !== 'Delete';

const ownersOf = ({ metadata }: Claim): readonly OwnerReference[] => metadata.ownerReferences ?? [];
const uid = ({ metadata }: Owner): string => metadata.uid ?? '';
const speaksOf = (reference: OwnerReference, owner: Owner): boolean => reference.apiVersion === owner.apiVersion && reference.kind === owner.kind && reference.name === owner.metadata.name;
const isOwner = (claim: Claim, owner: Owner): boolean => ownersOf(claim).some((reference) => reference.uid === uid(owner));
/** It names one that has this name no more. */
export const hasStaleOwner = (claim: Claim, owner: Owner): boolean => {
  const named = ownersOf(claim).find((reference) => speaksOf(reference, owner));
  return named !== undefined && named.uid !== uid(owner);
};

/** Somebody else manages the claim, and the set does not simply keep it. */
export function hasUnexpectedController(claim: Claim, set: StatefulSet, pod: Replica): boolean {
  const { whenDeleted, whenScaled } = retentionOf(set);
  if (whenDeleted === 'Retain' && whenScaled === 'Retain') return false;
  return ownersOf(claim).some((reference) => {
    const own = [asObject(set), pod].find((owner) => speaksOf(reference, owner));
    return own === undefined ? reference.controller === true : reference.uid !== uid(own);
  });
}

/** Of whom the claim is to be: of the Pod where that is scaled away, of the set until then. */
function wantedOwners(set: StatefulSet, pod: Replica): { readonly ofSet: boolean; readonly ofPod: boolean } {
  const { whenDeleted, whenScaled } = retentionOf(set);
  const ofPod = whenScaled === 'Delete' && !isInRange(set, pod);
  return { ofPod, ofSet: whenDeleted === 'Delete' && !ofPod };
}

export function isClaimOwnerUpToDate(claim: Claim, set: StatefulSet, pod: Replica): boolean {
  const owner = asObject(set);
  if (hasStaleOwner(claim, owner) || hasStaleOwner(claim, pod)) return true;
  if (hasUnexpectedController(claim, set, pod)) return !isOwner(claim, owner) && !isOwner(claim, pod);
  if (ownersOf(claim).some((reference) => (reference.uid === uid(owner) || reference.uid === uid(pod)) && reference.controller !== true)) return false;
  const { ofSet, ofPod } = wantedOwners(set, pod);
  return isOwner(claim, owner) === ofSet && isOwner(claim, pod) === ofPod;
}

export function withClaimOwner(claim: Claim, set: StatefulSet, pod: Replica): Claim {
  const others = ownersOf(claim).filter((reference) => !speaksOf(reference, asObject(set)) && !speaksOf(reference, pod));
  const { ofSet, ofPod } = hasUnexpectedController(claim, set, pod) ? { ofSet: false, ofPod: false } : wantedOwners(set, pod);
  const { ownerReferences: _before, ...metadata } = claim.metadata;
  const ownerReferences = [...others, ...(ofPod ? [newControllerReference(pod as KubeObject)] : []), ...(ofSet ? [newControllerReference(asObject(set))] : [])];
  return { ...claim, metadata: { ...metadata, ...(ownerReferences.length > 0 && { ownerReferences }) } };
}

/** The claims of a Pod as the set's templates make them. Models getPersistentVolumeClaims. */
export function claimsOf(set: StatefulSet, pod: Replica): readonly Claim[] {
  const { namespace = '' } = set.metadata;
  return claimTemplates(set).map((template) => {
    const labels = { ...template.metadata?.labels, ...set.spec.selector?.matchLabels };
    return {
      ...template, apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: template.spec ?? {},
      metadata: { ...template.metadata, name: claimName(set, template.metadata?.name ?? '', ordinalOf(pod)), namespace, ...(Object.keys(labels).length > 0 && { labels }) },
    };
  });
}
