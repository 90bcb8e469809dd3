/** Volumes and their mounts. Models pkg/apis/core/validation/validation.go: ValidateVolumes, validateVolumeSource, ValidateVolumeMounts. */
import type { Container, KeyToPath, ObjectFieldSelector, Volume, VolumeMount, VolumeProjection } from '../core-v1-pod.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors } from '../../apimachinery/names.ts';
import { compareQuantities, isQuantity } from '../../apimachinery/quantity.ts';
import { pushInvalid } from './metadata.ts';
import type { Errors } from './metadata.ts';

const fileModeError = 'must be a number between 0 and 0777 (octal), both inclusive';

function validateRelativePath(errors: Errors, target: string, path: string): void {
  if (target.startsWith('/')) errors.push(invalid(path, target, 'must be a relative path'));
  if (target.split('/').includes('..')) errors.push(invalid(path, target, "must not contain '..'"));
}

function validateMode(errors: Errors, mode: number | undefined, path: string): void {
  if (mode !== undefined && mode !== null && (mode < 0 || mode > 0o777)) errors.push(invalid(path, mode, fileModeError));
}

function validateItems(errors: Errors, items: readonly KeyToPath[] | undefined, path: string): void {
  (items ?? []).forEach((item, index) => {
    const at = `${path}[${index}]`;
    if (!item.key) errors.push(required(`${at}.key`));
    if (!item.path) errors.push(required(`${at}.path`));
    else {
      validateRelativePath(errors, item.path, `${at}.path`);
      if (item.path.startsWith('..') && !item.path.split('/').includes('..')) errors.push(invalid(`${at}.path`, item.path, "must not start with '..'"));
    }
    validateMode(errors, item.mode, `${at}.mode`);
  });
}

const downwardFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function validateDownwardField(errors: Errors, reference: ObjectFieldSelector | undefined, path: string): void {
  if (!reference) return;
  const field = reference.fieldPath ?? '';
  if (field === '') errors.push(required(`${path}.fieldPath`));
  else if (!downwardFields.includes(field) && !/^metadata\.(annotations|labels)\['.+'\]$/.test(field)) {
    errors.push(notSupported(`${path}.fieldPath`, field, downwardFields));
  }
}

function validateDownward(errors: Errors, source: NonNullable<Volume['downwardAPI']>, path: string): void {
  validateMode(errors, source.defaultMode, `${path}.defaultMode`);
  (source.items ?? []).forEach((file, index) => {
    if (!file.path) errors.push(required(`${path}.path`));
    else validateRelativePath(errors, file.path, `${path}.path`);
    validateDownwardField(errors, file.fieldRef, `${path}.fieldRef`);
    if (file.fieldRef && file.resourceFieldRef) errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    else if (!file.fieldRef && !file.resourceFieldRef) errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
    validateMode(errors, file.mode, `${path}.items[${index}].mode`);
  });
}

function validateProjection(errors: Errors, source: VolumeProjection, path: string): void {
  const given = Object.keys(source).filter((key) => source[key as keyof VolumeProjection] !== undefined);
  if (given.length === 0) errors.push(required(path, 'must specify a volume type'));
  for (const key of given.slice(1)) errors.push(forbidden(`${path}.${key}`, 'may not specify more than 1 volume type'));
  if (source.secret) {
    if (!source.secret.name) errors.push(required(`${path}.secret.name`));
    validateItems(errors, source.secret.items, `${path}.secret.items`);
  }
  if (source.configMap) {
    if (!source.configMap.name) errors.push(required(`${path}.configMap.name`));
    validateItems(errors, source.configMap.items, `${path}.configMap.items`);
  }
  if (source.serviceAccountToken) {
    const { expirationSeconds, path: file } = source.serviceAccountToken;
    if ((expirationSeconds ?? 3600) < 600) errors.push(invalid(`${path}.serviceAccountToken.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes'));
    if (!file) errors.push(required(`${path}.serviceAccountToken.path`));
  }
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function validateSource(errors: Errors, volume: Volume, key: keyof Volume, path: string): void {
  switch (key) {
    case 'emptyDir': {
      const limit = volume.emptyDir?.sizeLimit;
      if (limit !== undefined && isQuantity(limit) && compareQuantities(limit, '0') < 0) {
        errors.push(forbidden(`${path}.emptyDir.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
      }
      break;
    }
    case 'hostPath': {
      const source = volume.hostPath!;
      if (!source.path) errors.push(required(`${path}.hostPath.path`));
      else if (source.path.split('/').includes('..')) errors.push(invalid(`${path}.hostPath.path`, source.path, "must not contain '..'"));
      if (!hostPathTypes.includes(source.type ?? '')) errors.push(notSupported(`${path}.hostPath.type`, source.type, hostPathTypes));
      break;
    }
    case 'secret':
      if (!volume.secret!.secretName) errors.push(required(`${path}.secret.secretName`));
      validateMode(errors, volume.secret!.defaultMode, `${path}.secret.defaultMode`);
      validateItems(errors, volume.secret!.items, `${path}.secret.items`);
      break;
    case 'configMap':
      if (!volume.configMap!.name) errors.push(required(`${path}.configMap.name`));
      validateMode(errors, volume.configMap!.defaultMode, `${path}.configMap.defaultMode`);
      validateItems(errors, volume.configMap!.items, `${path}.configMap.items`);
      break;
    case 'persistentVolumeClaim': {
      const claim = volume.persistentVolumeClaim!.claimName;
      if (!claim) errors.push(required(`${path}.persistentVolumeClaim.claimName`));
      else pushInvalid(errors, `${path}.persistentVolumeClaim.claimName`, claim, dns1123SubdomainErrors(claim));
      break;
    }
    case 'downwardAPI': validateDownward(errors, volume.downwardAPI!, `${path}.downwardAPI`); break;
    case 'projected':
      validateMode(errors, volume.projected!.defaultMode, `${path}.projected.defaultMode`);
      (volume.projected!.sources ?? []).forEach((source, index) => validateProjection(errors, source, `${path}.projected.sources[${index}]`));
      break;
    case 'nfs':
      if (!volume.nfs!.server) errors.push(required(`${path}.nfs.server`));
      if (!volume.nfs!.path) errors.push(required(`${path}.nfs.path`));
      else if (!volume.nfs!.path.startsWith('/')) errors.push(invalid(`${path}.nfs.path`, volume.nfs!.path, 'must be an absolute path'));
      break;
    default:
  }
}

/** Volumes by name; only those without errors can be mounted, as upstream. */
export function validateVolumes(errors: Errors, volumes: readonly Volume[] | undefined, path: string): ReadonlyMap<string, Volume> {
  const byName = new Map<string, Volume>();
  (volumes ?? []).forEach((volume, index) => {
    const at = `${path}[${index}]`;
    const before = errors.length;
    let sources = 0;
    for (const key in volume) {
      if (key === 'name' || volume[key as keyof Volume] === undefined || volume[key as keyof Volume] === null) continue;
      if (sources++ > 0) errors.push(forbidden(`${at}.${key}`, 'may not specify more than 1 volume type'));
      else validateSource(errors, volume, key as keyof Volume, at);
    }
    if (sources === 0) errors.push(required(at, 'must specify a volume type'));
    if (!volume.name) errors.push(required(`${at}.name`));
    else {
      pushInvalid(errors, `${at}.name`, volume.name, dns1123LabelErrors(volume.name));
      if (byName.has(volume.name)) errors.push(duplicate(`${at}.name`, volume.name));
    }
    if (errors.length === before) byName.set(volume.name, volume);
  });
  return byName;
}

/** Mounts name a volume and a path of their own. */
export function validateMounts(errors: Errors, container: Container, volumes: ReadonlyMap<string, Volume>, path: string): void {
  const mounts: readonly VolumeMount[] = container.volumeMounts ?? [];
  const seen = mounts.length > 1 ? new Set<string>() : undefined;
  mounts.forEach((mount, index) => {
    const at = `${path}[${index}]`;
    if (!mount.name) errors.push(required(`${at}.name`));
    if (!volumes.has(mount.name)) errors.push(notFound(`${at}.name`, mount.name ?? ''));
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`));
    if (seen?.has(mount.mountPath)) errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'));
    seen?.add(mount.mountPath);
    if (container.volumeDevices?.some((device) => device.name === mount.name)) errors.push(invalid(`${at}.name`, mount.name, 'must not already exist in volumeDevices'));
    if (mount.subPath) validateRelativePath(errors, mount.subPath, `${path}.subPath`);
    if (mount.subPathExpr) {
      if (mount.subPath) errors.push(invalid(`${path}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      validateRelativePath(errors, mount.subPathExpr, `${path}.subPathExpr`);
    }
  });
}
