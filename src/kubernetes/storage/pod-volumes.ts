/** What a Pod's claims mean for the nodes that it may be on. Models pkg/scheduler/framework/plugins/volumebinding/{volume_binding,binder}.go. */
import type { StorageClass } from '../api/kept-specs.ts';
import type { KubeObject } from '../api/meta-v1.ts';
import { compareQuantities } from '../apimachinery/quantity.ts';
import { annotated, bindCompleted, classOf, findVolume, isAnnotated, isReachable, noProvisioner, requestOf, selectedNode, waitsForConsumer, withClaim, type Claim, type Volume } from './volumes.ts';

/** What the scheduler's caches show of storage. */
export interface StorageView { claim(namespace: string, name: string): Claim | undefined; volume(name: string): Volume | undefined; volumes(): Iterable<Volume>; storageClass(name: string): StorageClass | undefined }

/** A Pod's claims: why it can be nowhere, or the volumes it has and the claims that wait for its node. */
export interface PodVolumes {
  readonly refusal?: string;
  readonly bound: readonly (Volume | undefined)[];
  readonly waiting: readonly { readonly claim: Claim; readonly storage: StorageClass | undefined }[];
  readonly volumes: readonly Volume[];
}

const isBound = (claim: Claim): boolean => !!claim.spec.volumeName && isAnnotated(claim, bindCompleted);

/** Models podHasPVCs, GetPodVolumeClaims and PreFilter. */
export function podVolumes(namespace: string, names: readonly string[], view: StorageView): PodVolumes {
  const none: PodVolumes = { bound: [], waiting: [], volumes: [] };
  const claims: Claim[] = [];
  for (const name of names) {
    const claim = view.claim(namespace, name);
    if (claim === undefined) return { ...none, refusal: `persistentvolumeclaim "${name}" not found` };
    if (claim.status?.phase === 'Lost') return { ...none, refusal: `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"` };
    if (claim.metadata.deletionTimestamp !== undefined) return { ...none, refusal: `persistentvolumeclaim "${name}" is being deleted` };
    claims.push(claim);
  }
  const waiting = claims.filter((claim) => !isBound(claim)).map((claim) => ({ claim, storage: view.storageClass(classOf(claim)) }));
  if (waiting.some(({ claim, storage }) => !waitsForConsumer(storage) || !!claim.spec.volumeName)) return { ...none, refusal: 'pod has unbound immediate PersistentVolumeClaims' };
  waiting.sort((a, b) => compareQuantities(requestOf(a.claim), requestOf(b.claim)));
  const volumes = waiting.length === 0 ? [] : [...view.volumes()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return { bound: claims.filter(isBound).map(({ spec }) => view.volume(spec.volumeName!)), waiting, volumes };
}

/** What is to be done on this node before the Pod may go there: volumes that take claims, claims that name the node; or neither will do. */
export interface VolumeWork { readonly volumes: readonly Volume[]; readonly claims: readonly Claim[] }

/** Models findMatchingVolumes and checkVolumeProvisions, without topologies and capacities. */
export function workOn({ waiting, volumes }: PodVolumes, node: KubeObject): VolumeWork | undefined {
  const chosen = new Set<string>();
  const work: { volumes: Volume[]; claims: Claim[] } = { volumes: [], claims: [] };
  for (const { claim, storage } of waiting) {
    const at = claim.metadata.annotations?.[selectedNode];
    if (at !== undefined && at !== node.metadata.name) return undefined;
    const volume = at === undefined ? findVolume(claim, volumes, { node, chosen, waits: true }) : undefined;
    if (volume !== undefined) {
      chosen.add(volume.metadata.name);
      work.volumes.push(withClaim(volume, claim));
    } else if (storage === undefined || storage.provisioner === noProvisioner) return undefined;
    else work.claims.push(annotated(claim, selectedNode, node.metadata.name));
  }
  return work;
}

/** Models FindPodVolumes. */
export function refusalsOf(pod: PodVolumes, node: KubeObject): readonly string[] {
  const reasons: string[] = [];
  if (pod.bound.some((volume) => volume !== undefined && !isReachable(volume, node))) reasons.push("node(s) didn't match PersistentVolume's node affinity");
  if (pod.waiting.length > 0 && workOn(pod, node) === undefined) reasons.push("node(s) didn't find available persistent volumes to bind");
  if (pod.bound.includes(undefined)) reasons.push('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
  return reasons;
}

/** Models checkBindings. */
export const areBound = (namespace: string, names: readonly string[], view: StorageView): boolean => names.every((name) => {
  const claim = view.claim(namespace, name);
  return claim !== undefined && isBound(claim);
});
