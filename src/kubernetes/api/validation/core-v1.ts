/** The core group except Pods and Services. Models pkg/apis/core/validation/validation.go and events.go. */
import type { ConfigMap, Event, Namespace, Node, Secret, ServiceAccount, Taint } from '../core-v1.ts';
import type { ResourceList, StringMap } from '../meta-v1.ts';
import { deepEqual } from '../../apimachinery/equality.ts';
import { duplicate, forbidden, invalid, required, tooLong } from '../../apimachinery/field-errors.ts';
import { byteLength, configMapKeyErrors, labelValueErrors, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { validateTaintEffect } from './ports-and-taints.ts';
import { validateQuantity } from './core-v1-resources.ts';
import { labelName, pushInvalid, subdomainName, validateImmutable, validateMetadata, validateMetadataUpdate } from './metadata.ts';
import type { Errors } from './metadata.ts';

export function validateNamespace(errors: Errors, namespace: Namespace): void {
  validateMetadata(errors, namespace.metadata, false, labelName);
  for (const finalizer of namespace.spec?.finalizers ?? []) {
    const messages = qualifiedNameErrors(finalizer);
    pushInvalid(errors, 'spec.finalizers', finalizer, messages);
    if (messages.length === 0 && !finalizer.includes('/') && !['kubernetes', 'orphan', 'foregroundDeletion'].includes(finalizer)) {
      errors.push(invalid('spec.finalizers', finalizer, 'name is neither a standard finalizer name nor is it fully qualified'));
    }
  }
}

export const validateNamespaceUpdate = (errors: Errors, namespace: Namespace, old: Namespace): void =>
  validateMetadataUpdate(errors, namespace.metadata, old.metadata);

/** Upstream reports taints under `metadata.taints`, although they stand in the spec. */
function validateTaints(errors: Errors, taints: readonly Taint[] | undefined): void {
  const seen = new Set<string>();
  (taints ?? []).forEach((taint, index) => {
    const at = `metadata.taints[${index}]`;
    pushInvalid(errors, `${at}.key`, taint.key ?? '', qualifiedNameErrors(taint.key ?? ''));
    const messages = labelValueErrors(taint.value ?? '');
    if (messages.length > 0) errors.push(invalid(`${at}.value`, taint.value, messages.join(';')));
    validateTaintEffect(errors, taint.effect, false, `${at}.effect`);
    const pair = `${taint.effect}/${taint.key}`;
    if (seen.has(pair)) {
      errors.push(duplicate(at, { Key: taint.key, Value: taint.value ?? '', Effect: taint.effect, TimeAdded: taint.timeAdded ?? null }, 'taints must be unique by key and effect pair'));
    }
    seen.add(pair);
  });
}

function validateAmounts(errors: Errors, list: ResourceList | undefined, path: string): void {
  for (const name in list) validateQuantity(errors, name, list[name]!, `${path}.${name}`);
}

export function validateNode(errors: Errors, node: Node): void {
  validateMetadata(errors, node.metadata, false, subdomainName);
  validateTaints(errors, node.spec?.taints);
  validateAmounts(errors, node.status?.capacity, 'status.capacity');
  validateAmounts(errors, node.status?.allocatable, 'status.allocatable');
}

export function validateNodeUpdate(errors: Errors, node: Node, old: Node): void {
  validateMetadataUpdate(errors, node.metadata, old.metadata);
  if (node.status !== old.status) {
    if (node.status?.capacity !== old.status?.capacity) validateAmounts(errors, node.status?.capacity, 'status.capacity');
    if (node.status?.allocatable !== old.status?.allocatable) validateAmounts(errors, node.status?.allocatable, 'status.allocatable');
    const seen = new Set<string>();
    (node.status?.addresses ?? []).forEach((address, index) => {
      const key = `${address.type}/${address.address}`;
      if (seen.has(key)) errors.push(duplicate(`status.addresses[${index}]`, { Type: address.type, Address: address.address }));
      seen.add(key);
    });
  }
  if (node.spec === old.spec) return;
  const cidrs = old.spec?.podCIDRs ?? [];
  if (cidrs.length > 0 && !deepEqual(node.spec?.podCIDRs, cidrs)) errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID) {
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  }
  validateTaints(errors, node.spec?.taints);
}

const maxDataBytes = 1024 * 1024;
/** Bytes that a base64 text stands for. */
const decodedLength = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4);

function dataSize(map: StringMap | undefined, sizeOf: (text: string) => number): number {
  let size = 0;
  for (const key in map) size += sizeOf(map[key]!);
  return size;
}

function validateKeys(errors: Errors, map: StringMap | undefined, path: string): void {
  for (const key in map) pushInvalid(errors, `${path}[${key}]`, key, configMapKeyErrors(key));
}

function validateConfigMapData(errors: Errors, configMap: ConfigMap): void {
  for (const key in configMap.data) {
    pushInvalid(errors, `data[${key}]`, key, configMapKeyErrors(key));
    if (configMap.binaryData?.[key] !== undefined) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  }
  validateKeys(errors, configMap.binaryData, 'binaryData');
  const size = dataSize(configMap.data, byteLength) + dataSize(configMap.binaryData, decodedLength);
  // The empty path prints as [], which is what users see.
  if (size > maxDataBytes) errors.push(tooLong('[]', maxDataBytes));
}

const sealed = 'field is immutable when `immutable` is set';

export function validateConfigMap(errors: Errors, configMap: ConfigMap): void {
  validateMetadata(errors, configMap.metadata, true, subdomainName);
  validateConfigMapData(errors, configMap);
}

export function validateConfigMapUpdate(errors: Errors, configMap: ConfigMap, old: ConfigMap): void {
  validateMetadataUpdate(errors, configMap.metadata, old.metadata);
  if (old.immutable === true) {
    if (configMap.immutable !== true) errors.push(forbidden('immutable', sealed));
    if (!deepEqual(configMap.data ?? {}, old.data ?? {})) errors.push(forbidden('data', sealed));
    if (!deepEqual(configMap.binaryData ?? {}, old.binaryData ?? {})) errors.push(forbidden('binaryData', sealed));
  }
  validateConfigMapData(errors, configMap);
}

const requiredKeys: { readonly [type: string]: readonly string[] } = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function validateSecretData(errors: Errors, secret: Secret): void {
  validateKeys(errors, secret.data, 'data');
  if (dataSize(secret.data, decodedLength) > maxDataBytes) errors.push(tooLong('data', maxDataBytes));
  const type = secret.type ?? '';
  for (const key of requiredKeys[type] ?? []) if (secret.data?.[key] === undefined) errors.push(required(`data[${key}]`));
  if (type === 'kubernetes.io/basic-auth' && secret.data?.['username'] === undefined && secret.data?.['password'] === undefined) {
    errors.push(required('data[username]'), required('data[password]'));
  }
  if (type === 'kubernetes.io/service-account-token' && !secret.metadata.annotations?.['kubernetes.io/service-account.name']) {
    errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  }
}

export function validateSecret(errors: Errors, secret: Secret): void {
  validateMetadata(errors, secret.metadata, true, subdomainName);
  validateSecretData(errors, secret);
}

export function validateSecretUpdate(errors: Errors, secret: Secret, old: Secret): void {
  validateMetadataUpdate(errors, secret.metadata, old.metadata);
  validateImmutable(errors, secret.type, old.type, 'type');
  if (old.immutable === true) {
    if (secret.immutable !== true) errors.push(forbidden('immutable', sealed));
    if (!deepEqual(secret.data ?? {}, old.data ?? {})) errors.push(forbidden('data', sealed));
  }
  validateSecretData(errors, secret);
}

export const validateServiceAccount = (errors: Errors, account: ServiceAccount): void => validateMetadata(errors, account.metadata, true, subdomainName);

export const validateServiceAccountUpdate = (errors: Errors, account: ServiceAccount, old: ServiceAccount): void =>
  validateMetadataUpdate(errors, account.metadata, old.metadata);

/** Events of cluster-scoped objects live in `default`. Models events.go: legacyValidateEvent. */
export function validateEvent(errors: Errors, event: Event): void {
  validateMetadata(errors, event.metadata, true, subdomainName);
  const namespace = event.involvedObject?.namespace ?? '';
  if (namespace !== (event.metadata.namespace ?? '') && !(namespace === '' && event.metadata.namespace === 'default')) {
    errors.push(invalid('involvedObject.namespace', namespace, 'does not match event.namespace'));
  }
}

export const validateEventUpdate = (errors: Errors, event: Event, old: Event): void => validateMetadataUpdate(errors, event.metadata, old.metadata);
