/** Which volume is for which claim. Models staging/src/k8s.io/component-helpers/storage/volume/{helpers,pv_helpers}.go. */
import type { ClaimSpec, Of, StorageClass, VolumeSpec } from '../api/kept-specs.ts';
import type { KubeObject, StringMap } from '../api/meta-v1.ts';
import { compileLabelSelector } from '../apimachinery/label-selector.ts';
import { termMatches } from '../apimachinery/node-affinity.ts';
import { compareQuantities } from '../apimachinery/quantity.ts';
import { referenceTo } from '../client-go/event-correlator.ts';

export interface ClaimStatus { readonly phase?: string; readonly accessModes?: readonly string[]; readonly capacity?: StringMap }
export type Claim = Omit<Of<ClaimSpec>, 'status'> & { readonly status?: ClaimStatus };
export type Volume = Omit<Of<VolumeSpec>, 'status'> & { readonly status?: { readonly phase?: string; readonly message?: string; readonly lastPhaseTransitionTime?: string } };

export const boundByController = 'pv.kubernetes.io/bound-by-controller';
export const bindCompleted = 'pv.kubernetes.io/bind-completed';
export const dynamicallyProvisioned = 'pv.kubernetes.io/provisioned-by';
export const selectedNode = 'volume.kubernetes.io/selected-node';
export const storageProvisioner = 'volume.kubernetes.io/storage-provisioner';
export const betaStorageProvisioner = 'volume.beta.kubernetes.io/storage-provisioner';
export const noProvisioner = 'kubernetes.io/no-provisioner';
const betaClass = 'volume.beta.kubernetes.io/storage-class';
const defaultClass = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

type Annotated = { readonly metadata: { readonly annotations?: StringMap } };
export const isAnnotated = ({ metadata }: Annotated, key: string): boolean => metadata.annotations?.[key] !== undefined;
export const annotated = <T extends Annotated>(object: T, key: string, value = 'yes'): T => ({ ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [key]: value } } });

export const classOf = ({ metadata, spec }: Claim | Volume): string => metadata.annotations?.[betaClass] ?? spec.storageClassName ?? '';
export const namesClass = ({ metadata, spec }: Claim): boolean => metadata.annotations?.[betaClass] !== undefined || spec.storageClassName !== undefined;
export const isDefaultClass = ({ metadata }: StorageClass): boolean => defaultClass.some((key) => metadata.annotations?.[key] === 'true');
export const waitsForConsumer = (storage: StorageClass | undefined): boolean => storage?.volumeBindingMode === 'WaitForFirstConsumer';
export const requestOf = ({ spec }: Claim): string => spec.resources?.requests?.['storage'] ?? '0';
export const capacityOf = ({ spec }: Volume): string => spec.capacity?.['storage'] ?? '0';
const modeOf = (spec: { readonly volumeMode?: string }): string => spec.volumeMode ?? 'Filesystem';

/** Whether the volume is kept for this claim, by its name at least. Models IsVolumeBoundToClaim. */
export function isBoundTo({ spec: { claimRef } }: Volume, { metadata }: Claim): boolean {
  return claimRef !== undefined && claimRef.name === metadata.name && claimRef.namespace === metadata.namespace && (!claimRef.uid || claimRef.uid === metadata.uid);
}

export const modesAllow = ({ spec: { accessModes = [] } }: Claim, volume: Volume): boolean => accessModes.every((mode) => volume.spec.accessModes?.includes(mode));
export const sameMode = (claim: Claim, volume: Volume): boolean => modeOf(claim.spec) === modeOf(volume.spec);

/** Models CheckNodeAffinity. */
export function isReachable({ spec: { nodeAffinity } }: Volume, node: KubeObject): boolean {
  const required = nodeAffinity?.required;
  return required === undefined || required.nodeSelectorTerms.some((term) => termMatches(term, node.metadata.name, node.metadata.labels));
}

/** What is wrong with a volume that the claim names. Models pv_controller.go: checkVolumeSatisfyClaim. */
export function mismatch(volume: Volume, claim: Claim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if (compareQuantities(capacityOf(volume), requestOf(claim)) < 0) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if ((volume.spec['volumeAttributesClassName'] ?? '') !== (claim.spec.volumeAttributesClassName ?? '')) return 'volumeAttributesClassName does not match';
  if (!sameMode(claim, volume)) return 'incompatible volumeMode';
  return modesAllow(claim, volume) ? undefined : 'incompatible accessMode';
}

/** Where and how one looks: for a node, passing over what is chosen already; without a node a claim that waits for its consumer takes only what is kept for it. */
export interface Search { readonly node?: KubeObject; readonly chosen?: ReadonlySet<string>; readonly waits?: boolean }

/** The volume that is kept for the claim, else the smallest that will do. Models FindMatchingVolume. */
export function findVolume(claim: Claim, volumes: Iterable<Volume>, { node, chosen, waits = false }: Search): Volume | undefined {
  const selector = claim.spec.selector === undefined ? undefined : compileLabelSelector(claim.spec.selector);
  let best: Volume | undefined;
  for (const volume of volumes) {
    const { metadata, spec, status } = volume;
    const own = isBoundTo(volume, claim);
    if (chosen?.has(metadata.name) === true || (spec.claimRef !== undefined && !own) || metadata.deletionTimestamp !== undefined) continue;
    if (compareQuantities(capacityOf(volume), requestOf(claim)) < 0 || !sameMode(claim, volume)) continue;
    if ((spec['volumeAttributesClassName'] ?? '') !== (claim.spec.volumeAttributesClassName ?? '')) continue;
    const reachable = node === undefined || isReachable(volume, node);
    if (own) return reachable ? volume : undefined;
    if ((node === undefined && waits) || !reachable || status?.phase !== 'Available' || classOf(volume) !== classOf(claim)) continue;
    if ((selector !== undefined && !selector.matches(metadata.labels)) || !modesAllow(claim, volume)) continue;
    if (best === undefined || compareQuantities(capacityOf(best), capacityOf(volume)) > 0) best = volume;
  }
  return best;
}

/** The same without a node: of volumes with few access modes before those with more. Models index.go: findBestMatchForClaim. */
export function findBestVolume(claim: Claim, volumes: readonly Volume[], waits: boolean): Volume | undefined {
  const counts = [...new Set(volumes.map(({ spec }) => spec.accessModes?.length ?? 0))].sort((a, b) => a - b);
  for (const count of counts) {
    const found = findVolume(claim, volumes.filter((volume) => (volume.spec.accessModes?.length ?? 0) === count && modesAllow(claim, volume)), { waits });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The volume with the claim in it; the same where it is there. Models GetBindVolumeToClaim. */
export function withClaim(volume: Volume, claim: Claim): Volume {
  const own = isBoundTo(volume, claim);
  const known = own && volume.spec.claimRef?.uid === claim.metadata.uid;
  const named = known ? volume : { ...volume, spec: { ...volume.spec, claimRef: referenceTo(claim as unknown as KubeObject) } };
  return own || isAnnotated(named, boundByController) ? named : annotated(named, boundByController);
}
