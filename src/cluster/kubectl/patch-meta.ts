/** How the lists of the modelled kinds are merged: the `patchStrategy` and `patchMergeKey` tags of staging/src/k8s.io/api. */
import type { PatchMeta, PatchMetaOf } from '../../kubernetes/apimachinery/index.ts';

const merge = (mergeKey?: string): PatchMeta => (mergeKey === undefined ? { strategies: ['merge'] } : { strategies: ['merge'], mergeKey });

/** By the end of a field's path; a longer end goes first. */
const byEnd: readonly (readonly [string, PatchMeta])[] = [
  ['containers.ports', merge('containerPort')], ['initContainers.ports', merge('containerPort')], ['ephemeralContainers.ports', merge('containerPort')],
  ['spec.ports', merge('port')], ['containers', merge('name')], ['initContainers', merge('name')], ['ephemeralContainers', merge('name')],
  ['env', merge('name')], ['volumeMounts', merge('mountPath')], ['volumeDevices', merge('devicePath')],
  ['volumes', { strategies: ['merge', 'retainKeys'], mergeKey: 'name' }], ['imagePullSecrets', merge('name')], ['hostAliases', merge('ip')],
  ['topologySpreadConstraints', merge('topologyKey')], ['schedulingGates', merge('name')], ['resourceClaims', { strategies: ['merge', 'retainKeys'], mergeKey: 'name' }],
  ['ownerReferences', merge('uid')], ['finalizers', merge()], ['conditions', merge('type')], ['secrets', merge('name')],
  ['podCIDRs', merge()], ['addresses', merge('type')], ['podIPs', merge('ip')], ['hostIPs', merge('ip')],
];
const retainKeys: PatchMeta = { strategies: ['retainKeys'] };
const known = new Map<string, PatchMeta | undefined>();

/** The merging of a field, by its path. */
export const patchMetaOf: PatchMetaOf = (path) => {
  if (!known.has(path)) known.set(path, path === 'spec.strategy' ? retainKeys : byEnd.find(([end]) => path === end || path.endsWith(`.${end}`))?.[1]);
  return known.get(path);
};
