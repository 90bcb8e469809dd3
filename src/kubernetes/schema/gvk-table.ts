import { servedResources } from '../api/served-resources.ts';
import type { ResourceInfo } from '../api/served-resources.ts';
import { kindTable } from './schema.gen.ts';

/** A served kind with all that `kubectl api-resources` and discovery tell of it. */
export interface ServedKind extends ResourceInfo { readonly plural: string }

/** Every kind this cluster serves, in the order of `servedResources`, which says how. */
export const gvkTable: readonly ServedKind[] = servedResources.map((info) => ({ ...info, plural: info.resource }));

const realKinds = new Map<string, ReadonlySet<string>>();
for (const line of kindTable.trim().split('\n')) {
  const [apiVersion = '', ...kinds] = line.split(' ');
  realKinds.set(apiVersion, new Set(kinds));
}

/** Kinds of Kubernetes 1.36 that a real cluster serves and this one does not. */
export const otherKinds: readonly { readonly apiVersion: string; readonly kind: string }[] = [...realKinds].flatMap(([apiVersion, kinds]) =>
  [...kinds].filter((kind) => !gvkTable.some((served) => served.apiVersion === apiVersion && served.kind === kind)).map((kind) => ({ apiVersion, kind })));

/** Kinds that no informer is kept of from the start: the API server itself acts on them, or a controller as soon as there is one. */
const actedOnByServer = new Set([
  'LimitRange', 'ResourceQuota', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition',
  'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration',
  'PodDisruptionBudget', 'ReplicationController', 'StatefulSet', 'PersistentVolumeClaim', 'PersistentVolume', 'StorageClass', 'DaemonSet', 'ControllerRevision', 'Job', 'CronJob',
]);

/** Whether something acts on a kind here, it is only stored and handed out, is a real one that is not served, or does not exist. */
export function kindStanding(apiVersion: string, kind: string): 'acted-on' | 'kept' | 'not-modelled' | 'unknown' {
  const served = gvkTable.find((one) => one.apiVersion === apiVersion && one.kind === kind);
  if (served !== undefined) return served.actedOn || actedOnByServer.has(kind) ? 'acted-on' : 'kept';
  return realKinds.get(apiVersion)?.has(kind) === true ? 'not-modelled' : 'unknown';
}

/** The served kind a user means by `po`, `pods`, `Pod`, `deploy` or `deployments.apps`, or undefined. */
export function findServedKind(name: string): ServedKind | undefined {
  const lower = name.toLowerCase();
  const dot = lower.indexOf('.');
  const [word, group] = dot === -1 ? [lower, undefined] : [lower.slice(0, dot), lower.slice(dot + 1)];
  return gvkTable.find((served) => (served.plural === word || served.singular === word || served.shortNames.includes(word))
    && (group === undefined || served.group === group || `${served.version}.${served.group}` === group));
}
