/** Brings claims and volumes together, call by call. Models pkg/controller/volume/persistentvolume/pv_controller.go: syncClaim, syncVolume, bind, reclaimVolume. */
import type { KubeObject, ObjectReference } from '../../../kubernetes/api/index.ts';
import type { StorageClass } from '../../../kubernetes/api/kept-specs.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { compareQuantities } from '../../../kubernetes/apimachinery/quantity.ts';
import {
  annotated, betaStorageProvisioner, bindCompleted, boundByController, capacityOf, classOf, dynamicallyProvisioned, findBestVolume, isAnnotated, isBoundTo, isDefaultClass, mismatch, namesClass, noProvisioner, sameMode,
  selectedNode, storageProvisioner, waitsForConsumer, withClaim, type Claim, type Volume,
} from '../../../kubernetes/storage/volumes.ts';
import { messageOf, remove, update, type Resource } from '../requests.ts';
import { ask, type Procedure, type Told } from './procedure.ts';

/** What the caches showed when the sync began; `waitingPods` are those of the claim that have no node yet. */
export interface Known {
  readonly claim: Claim | undefined; readonly volume: Volume | undefined; readonly volumes: readonly Volume[]; readonly classes: readonly StorageClass[]; readonly waitingPods: readonly string[];
}
/** How it ended, and which claims are to be looked at. */
export interface Outcome { readonly error?: string; readonly claims?: readonly string[] }

const volumeResource: Resource = { group: '', version: 'v1', resource: 'persistentvolumes', namespaced: false };
const done: Outcome = {};
const asObject = (object: Claim | Volume): KubeObject => object as unknown as KubeObject;
export const keyOf = ({ namespace = '', name = '' }: Pick<ObjectReference, 'namespace' | 'name'>): string => `${namespace}/${name}`;

type Written<T> = T | { readonly error: string };
const isError = (written: object): written is { readonly error: string } => 'error' in written;

function* write<T extends Claim | Volume>(object: T, subresource?: 'status'): Procedure<Written<T>> {
  const answer = yield* ask(update(asObject(object), subresource));
  return answer.ok ? answer.body as unknown as T : { error: messageOf(answer) };
}

function tell(told: Told, about: Claim | Volume, type: 'Normal' | 'Warning', reason: string, message: string): void {
  told.events.push({ regarding: asObject(about), type, reason, message });
}

/** Models updateClaimStatus: without a volume what was said of one is taken back. */
function* claimStatus(claim: Claim, phase: string, volume?: Volume): Procedure<Written<Claim>> {
  const { accessModes, capacity, ...rest } = claim.status ?? {};
  const isNew = rest.phase !== phase;
  const sized = volume === undefined ? undefined : isNew && (capacity?.['storage'] === undefined || compareQuantities(capacity['storage'], capacityOf(volume)) !== 0) ? volume.spec.capacity : capacity;
  const modes = volume?.spec.accessModes;
  if (!isNew && deepEqual(accessModes, modes) && deepEqual(capacity, sized)) return claim;
  return yield* write({ ...claim, status: { ...rest, phase, ...(modes && { accessModes: modes }), ...(sized && { capacity: sized }) } }, 'status');
}

/** Models updateClaimStatusWithEvent and its uses: the claim's data are gone. */
function* lose(told: Told, claim: Claim, reason: string, message: string): Procedure<Outcome> {
  if (claim.status?.phase === 'Lost') return done;
  const written = yield* claimStatus(claim, 'Lost');
  if (isError(written)) return written;
  tell(told, written, 'Warning', reason, message);
  return done;
}

function* volumePhase(volume: Volume, phase: string, message = ''): Procedure<Written<Volume>> {
  if (volume.status?.phase === phase) return volume;
  const { message: _before, ...rest } = volume.status ?? {};
  return yield* write({ ...volume, status: { ...rest, phase, ...(message !== '' && { message }) } }, 'status');
}

const outcomeOf = (written: object): Outcome => (isError(written) ? written : done);

/** First the volume names the claim, then the claim the volume; broken off anywhere it is taken up there. Models bind. */
function* bind(told: Told, given: Volume, claim: Claim): Procedure<Outcome> {
  const claimed = withClaim(given, claim);
  if (claimed !== given) told.notes.push({ name: 'volumes', text: `PersistentVolumeClaim ${keyOf(claim.metadata)} is bound to ${given.metadata.name}` });
  const stored = claimed === given ? given : yield* write(claimed);
  if (isError(stored)) return stored;
  const volume = yield* volumePhase(stored, 'Bound');
  if (isError(volume)) return volume;
  let next = claim;
  if (claim.spec.volumeName !== volume.metadata.name) {
    next = { ...next, spec: { ...next.spec, volumeName: volume.metadata.name } };
    if (!isAnnotated(next, boundByController)) next = annotated(next, boundByController);
  }
  if (!isAnnotated(next, bindCompleted)) next = annotated(next, bindCompleted);
  const bound = next === claim ? claim : yield* write(next);
  if (isError(bound)) return bound;
  return outcomeOf(yield* claimStatus(bound, 'Bound', volume));
}

export function* syncClaim(told: Told, known: Known): Procedure<Outcome> {
  const { claim } = known;
  if (claim === undefined) return done;
  return isAnnotated(claim, bindCompleted) ? yield* syncBoundClaim(told, known, claim) : claim.spec.volumeName ? yield* syncNamingClaim(told, known, claim) : yield* syncFreeClaim(told, known, claim);
}

function* syncFreeClaim(told: Told, { volumes, classes, waitingPods }: Known, claim: Claim): Procedure<Outcome> {
  const storage = classes.find(({ metadata }) => metadata.name === classOf(claim));
  const waits = waitsForConsumer(storage);
  const volume = findBestVolume(claim, volumes, waits);
  if (volume !== undefined) return yield* bind(told, volume, claim);
  const standard = namesClass(claim) ? undefined : newestDefault(classes);
  if (standard !== undefined) return outcomeOf(yield* write({ ...claim, spec: { ...claim.spec, storageClassName: standard.metadata.name } }));
  if (waits && !isAnnotated(claim, selectedNode)) {
    const [reason, message] = waitingPods.length === 0 ? ['WaitForFirstConsumer', 'waiting for first consumer to be created before binding']
      : ['WaitForPodScheduled', `waiting for ${waitingPods.length > 1 ? 'pods' : 'pod'} ${waitingPods.join(',')} to be scheduled`];
    tell(told, claim, 'Normal', reason, message);
  } else if (classOf(claim) !== '') return yield* provision(told, claim, storage);
  else tell(told, claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  return outcomeOf(yield* claimStatus(claim, 'Pending'));
}

/** Models pkg/volume/util/storageclass.go: GetDefaultClass. */
function newestDefault(classes: readonly StorageClass[]): StorageClass | undefined {
  const age = ({ metadata }: StorageClass): string => metadata.creationTimestamp ?? '';
  return classes.filter(isDefaultClass).sort((a, b) => (age(a) !== age(b) ? (age(a) > age(b) ? -1 : 1) : a.metadata.name < b.metadata.name ? -1 : 1))[0];
}

/** Somebody else makes volumes of a class: the claim says who, and waits. Models provisionClaim and provisionClaimOperationExternal. */
function* provision(told: Told, claim: Claim, storage: StorageClass | undefined): Procedure<Outcome> {
  if (storage === undefined) tell(told, claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${classOf(claim)}" not found`);
  else if (storage.provisioner === noProvisioner) tell(told, claim, 'Warning', 'ProvisioningFailed', 'no provisionable volume plugin matched');
  else {
    const { provisioner = '' } = storage;
    const said = [betaStorageProvisioner, storageProvisioner].every((key) => claim.metadata.annotations?.[key] === provisioner);
    const written = said ? claim : yield* write(annotated(annotated(claim, betaStorageProvisioner, provisioner), storageProvisioner, provisioner));
    if (isError(written)) {
      tell(told, claim, 'Warning', 'ProvisioningFailed', `Error saving claim: ${written.error}`);
      return written;
    }
    tell(told, written, 'Normal', 'ExternalProvisioning', `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`);
  }
  return done;
}

/** The claim asks for one volume by name. */
function* syncNamingClaim(told: Told, { volumes }: Known, claim: Claim): Procedure<Outcome> {
  const volume = volumes.find(({ metadata }) => metadata.name === claim.spec.volumeName);
  if (volume === undefined) return outcomeOf(yield* claimStatus(claim, 'Pending'));
  const { claimRef } = volume.spec;
  if (claimRef === undefined) {
    const wrong = mismatch(volume, claim);
    if (wrong === undefined) return yield* bind(told, volume, claim);
    tell(told, claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${volume.metadata.name}": ${wrong}`);
    return outcomeOf(yield* claimStatus(claim, 'Pending'));
  }
  if (isBoundTo(volume, claim)) return yield* bind(told, volume, claim);
  tell(told, claim, 'Warning', 'FailedBinding', `volume "${volume.metadata.name}" already bound to a different claim.`);
  if (isAnnotated(claim, boundByController)) return { error: `invalid binding of claim "${keyOf(claim.metadata)}" to volume "${claim.spec.volumeName}": volume already claimed by "${keyOf(claimRef)}"` };
  return outcomeOf(yield* claimStatus(claim, 'Pending'));
}

function* syncBoundClaim(told: Told, { volumes }: Known, claim: Claim): Procedure<Outcome> {
  if (!claim.spec.volumeName) return yield* lose(told, claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  const volume = volumes.find(({ metadata }) => metadata.name === claim.spec.volumeName);
  if (volume === undefined) return yield* lose(told, claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  if (volume.spec.claimRef === undefined || volume.spec.claimRef.uid === claim.metadata.uid) return yield* bind(told, volume, claim);
  return yield* lose(told, claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}

/** `claim` is the one that the volume names, where that is still the same. */
export function* syncVolume(told: Told, { volume, claim }: Known): Procedure<Outcome> {
  if (volume === undefined) return done;
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
  if (!claimRef?.uid) return outcomeOf(yield* volumePhase(volume, 'Available'));
  if (claim === undefined || claim.metadata.uid !== claimRef.uid) return yield* release(told, volume);
  if (!claim.spec.volumeName) {
    if (sameMode(claim, volume)) return { claims: [keyOf(claim.metadata)] };
    tell(told, volume, 'Warning', 'VolumeMismatch', `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name}" due to incompatible volumeMode.`);
    tell(told, claim, 'Warning', 'VolumeMismatch', `Cannot bind PersistentVolume "${volume.metadata.name}" to requested PersistentVolumeClaim due to incompatible volumeMode.`);
    return done;
  }
  if (claim.spec.volumeName === volume.metadata.name) return outcomeOf(yield* volumePhase(volume, 'Bound'));
  if (isAnnotated(volume, dynamicallyProvisioned) && persistentVolumeReclaimPolicy === 'Delete') return yield* release(told, volume);
  return yield* unbind(volume);
}

/** The claim is gone: what becomes of the volume is its policy's to say. Models syncVolume's release and reclaimVolume. */
function* release(told: Told, given: Volume): Procedure<Outcome> {
  const over = given.status?.phase === 'Released' || given.status?.phase === 'Failed';
  const volume = over ? given : yield* volumePhase(given, 'Released');
  if (isError(volume)) return volume;
  return volume.spec.persistentVolumeReclaimPolicy === 'Delete' ? yield* deleteVolume(told, volume) : done;
}

/** Who deletes it: the controller itself only what lies below /tmp of a host; of a driver's volumes the driver. Models deleteVolumeOperation and pkg/volume/hostpath/host_path.go: hostPathDeleter. */
function* deleteVolume(told: Told, volume: Volume): Procedure<Outcome> {
  if (volume.spec['csi'] !== undefined || isAnnotated(volume, dynamicallyProvisioned)) return done;
  const { path } = volume.spec.hostPath ?? {};
  const wrong = path === undefined ? `error getting deleter volume plugin for volume "${volume.metadata.name}": no deletable volume plugin matched`
    : /^\/tmp\/.+/.test(path) ? undefined : `host_path deleter only supports /tmp/.+ but received provided ${path}`;
  if (wrong === undefined) {
    const answer = yield* ask(remove(volumeResource, undefined, volume.metadata.name));
    return answer.ok || answer.code === 404 ? done : { error: messageOf(answer) };
  }
  if (volume.status?.phase === 'Failed') return done;
  const written = yield* volumePhase(volume, 'Failed', wrong);
  if (isError(written)) return written;
  tell(told, written, 'Warning', 'VolumeFailedDelete', wrong);
  return done;
}

/** The claim has taken another: what the controller bound it takes back, what the user named it leaves to the name. Models unbindVolume. */
function* unbind(volume: Volume): Procedure<Outcome> {
  const { claimRef, ...spec } = volume.spec;
  const { [boundByController]: _mark, ...annotations } = volume.metadata.annotations ?? {};
  const { uid: _uid, ...named } = claimRef as ObjectReference;
  const free = isAnnotated(volume, boundByController) ? { ...volume, spec, metadata: { ...volume.metadata, annotations } } : { ...volume, spec: { ...spec, claimRef: named } };
  const written = yield* write(free as Volume);
  return isError(written) ? written : outcomeOf(yield* volumePhase(written, 'Available'));
}
