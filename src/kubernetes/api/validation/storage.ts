/** Claims, volumes and storage classes. Models pkg/apis/core/validation/validation.go and pkg/apis/storage/validation/validation.go. */
import { deepEqual } from '../../apimachinery/equality.ts';
import { forbidden, invalid, notSupported, required, tooMany } from '../../apimachinery/field-errors.ts';
import { dns1123SubdomainErrors, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { canonicalQuantity, compareQuantities, isQuantity } from '../../apimachinery/quantity.ts';
import type { ClaimSpec, Of, StorageClass, VolumeSpec } from '../kept-specs.ts';
import { pushInvalid, subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, type Errors } from './metadata.ts';
import { diffPodSpecs } from './spec-diff.ts';

type Claim = Of<ClaimSpec> & { readonly status?: { readonly phase?: string } };
type Volume = Of<VolumeSpec>;

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];

function validateAccessModes(errors: Errors, modes: readonly string[] | undefined, path: string): void {
  if ((modes ?? []).length === 0) return void errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  for (const mode of modes!) if (!accessModes.includes(mode)) errors.push(notSupported(`${path}.accessModes`, mode, accessModes));
  if (modes!.includes('ReadWriteOncePod') && modes!.some((mode) => mode !== 'ReadWriteOncePod')) errors.push(forbidden(`${path}.accessModes`, 'may not use ReadWriteOncePod with other access modes'));
}

function validatePositive(errors: Errors, value: string | undefined, path: string): void {
  if (value === undefined) errors.push(required(path));
  else if (isQuantity(value) && compareQuantities(value, '0') <= 0) errors.push(invalid(path, canonicalQuantity(value), 'must be greater than zero'));
}

function validateCommon(errors: Errors, { storageClassName, volumeMode }: { readonly storageClassName?: string; readonly volumeMode?: string }, path: string): void {
  if (storageClassName !== undefined && storageClassName !== '') pushInvalid(errors, `${path}.storageClassName`, storageClassName, dns1123SubdomainErrors(storageClassName));
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode)) errors.push(notSupported(`${path}.volumeMode`, volumeMode, volumeModes));
}

export function validateClaimSpec(errors: Errors, spec: ClaimSpec, path: string): void {
  validateAccessModes(errors, spec.accessModes, path);
  if (spec.selector !== undefined) validateLabelSelector(errors, spec.selector, `${path}.selector`);
  validatePositive(errors, spec.resources?.requests?.['storage'], `${path}.resources[storage]`);
  validateCommon(errors, spec, path);
}

export function validateClaim(errors: Errors, claim: Claim): void {
  validateMetadata(errors, claim.metadata, true, subdomainName);
  validateClaimSpec(errors, claim.spec, 'spec');
}

/** Only a bound claim may ask for more, and nothing else changes once it is made; the class may still be given to one that has none. */
export function validateClaimUpdate(errors: Errors, claim: Claim, old: Claim): void {
  validateMetadataUpdate(errors, claim.metadata, old.metadata);
  if (claim.spec === old.spec) return;
  validateClaimSpec(errors, claim.spec, 'spec');
  const bound = old.status?.phase === 'Bound';
  const given = (spec: ClaimSpec): ClaimSpec => ({
    ...spec, ...(old.spec.volumeName ? {} : { volumeName: '' }), ...(old.spec.storageClassName === undefined ? { storageClassName: '' } : {}), volumeAttributesClassName: '',
    ...(bound ? { resources: { ...spec.resources, requests: {} } } : {}),
  });
  if (!deepEqual(given(claim.spec), given(old.spec))) {
    errors.push(forbidden('spec', `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${diffPodSpecs(old.spec, claim.spec)}`));
    return;
  }
  const [before, after] = [old.spec.resources?.requests?.['storage'], claim.spec.resources?.requests?.['storage']];
  if (before !== undefined && after !== undefined && compareQuantities(after, before) < 0) errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
}

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];
const notSources = new Set(['accessModes', 'capacity', 'claimRef', 'mountOptions', 'nodeAffinity', 'persistentVolumeReclaimPolicy', 'storageClassName', 'volumeAttributesClassName', 'volumeMode']);

function validateVolumeSpec(errors: Errors, spec: VolumeSpec): void {
  validateAccessModes(errors, spec.accessModes, 'spec');
  const capacity = Object.keys(spec.capacity ?? {});
  if (capacity.length === 0) errors.push(required('spec.capacity'));
  if (capacity.length > 0 && (capacity.length > 1 || capacity[0] !== 'storage')) errors.push(notSupported('spec.capacity', spec.capacity, ['storage']));
  for (const name of capacity) {
    pushInvalid(errors, `spec.capacity[${name}]`, name, qualifiedNameErrors(name));
    validatePositive(errors, spec.capacity![name], `spec.capacity[${name}]`);
  }
  const policy = spec.persistentVolumeReclaimPolicy ?? '';
  if (policy !== '' && !reclaimPolicies.includes(policy)) errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, reclaimPolicies));
  const sources = Object.keys(spec).filter((field) => !notSources.has(field) && spec[field] !== undefined && spec[field] !== null);
  if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'));
  for (const second of sources.slice(1)) errors.push(forbidden(`spec.${second}`, 'may not specify more than 1 volume type'));
  if (spec.hostPath !== undefined) {
    if (!spec.hostPath.path) errors.push(required('spec.hostPath.path'));
    if (spec.hostPath.path === '/' && policy === 'Recycle') errors.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (spec.local !== undefined && spec.nodeAffinity === undefined) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  validateCommon(errors, spec, 'spec');
}

export function validateVolume(errors: Errors, volume: Volume): void {
  validateMetadata(errors, volume.metadata, false, subdomainName);
  validateVolumeSpec(errors, volume.spec);
}

export function validateVolumeUpdate(errors: Errors, volume: Volume, old: Volume): void {
  validateMetadataUpdate(errors, volume.metadata, old.metadata);
  if (volume.spec === old.spec) return;
  validateVolumeSpec(errors, volume.spec);
  const source = (spec: VolumeSpec): object => Object.fromEntries(Object.entries(spec).filter(([field]) => !notSources.has(field)));
  if (!deepEqual(source(volume.spec), source(old.spec))) errors.push(forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'));
  validateImmutable(errors, volume.spec.volumeMode, old.spec.volumeMode, 'volumeMode');
}

const classPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];
const mostParameters = 512;

export function validateStorageClass(errors: Errors, storage: StorageClass): void {
  validateMetadata(errors, storage.metadata, false, subdomainName);
  const provisioner = storage.provisioner ?? '';
  if (provisioner === '') errors.push(required('provisioner', provisioner));
  else pushInvalid(errors, 'provisioner', provisioner, qualifiedNameErrors(provisioner.toLowerCase()));
  const parameters = Object.keys(storage.parameters ?? {});
  if (parameters.length > mostParameters) errors.push(tooMany('parameters', parameters.length, mostParameters));
  if (parameters.includes('')) errors.push(invalid('parameters', '', 'field can not be empty.'));
  if (storage.reclaimPolicy && !classPolicies.includes(storage.reclaimPolicy)) errors.push(notSupported('reclaimPolicy', storage.reclaimPolicy, classPolicies));
  if (storage.volumeBindingMode === undefined) errors.push(required('volumeBindingMode'));
  else if (!bindingModes.includes(storage.volumeBindingMode)) errors.push(notSupported('volumeBindingMode', storage.volumeBindingMode, bindingModes));
}

export function validateStorageClassUpdate(errors: Errors, storage: StorageClass, old: StorageClass): void {
  validateMetadataUpdate(errors, storage.metadata, old.metadata);
  if (!deepEqual(storage.parameters, old.parameters)) errors.push(forbidden('parameters', 'updates to parameters are forbidden.'));
  if (storage.provisioner !== old.provisioner) errors.push(forbidden('provisioner', 'updates to provisioner are forbidden.'));
  if (storage.reclaimPolicy !== old.reclaimPolicy) errors.push(forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'));
  validateImmutable(errors, storage.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode');
}
