import { groupResource, objectKey, servedResources, splitObjectKey, type KubeObject, type Pod, type ResourceInfo, type ResourceList, type Service } from '../../../kubernetes/api/index.ts';
import type { ResourceQuota } from '../../../kubernetes/api/kept-specs.ts';
import { addQuantities, compareQuantities } from '../../../kubernetes/apimachinery/quantity.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import type { ObjectList } from '../../../kubernetes/protocols/api.ts';
import { defineController, finished, type Listers, type ObjectNews, type ReactContext, type SyncContext, type SyncResult } from '../controller.ts';
import { update } from '../requests.ts';

/** Where the sync of a quota stands: the kinds that were listed, or the write of its status. */
type Step = { readonly listed: readonly ResourceInfo[] } | 'writing';

/** Each kind in the version it is stored in. */
const countable = servedResources.filter(({ namespaced, group, kind }, at) => namespaced && kind !== 'Event' && servedResources.findIndex((one) => one.group === group && one.kind === kind) === at);
/** --resource-quota-sync-period */
const syncPeriodUs = 300_000_000;
/** Read from the shared informers; every other kind is listed when a quota counts it. */
const informed = new Set(['pods', 'services']);

/**
 * Keeps what quotas have used: counts anew for a new quota, for another bound, after a deletion, and every five minutes.
 * Models pkg/controller/resourcequota/{resource_quota_controller,resource_quota_monitor}.go; kinds are followed as soon as a quota counts them, where upstream follows all.
 */
export const resourceQuotaController = defineController<null, Step>({
  name: 'resourcequota-controller',
  serviceAccount: 'resourcequota-controller',
  component: 'resourcequota-controller',
  resources: ['resourcequotas', 'pods', 'services', 'configmaps', 'secrets', 'serviceaccounts', 'endpointslices', 'deployments', 'replicasets'],
  followsMore: true,
  concurrency: 5,
  memory: () => null,
  react(news, { list }: ReactContext<null>) {
    if (news.resource === 'resourcequotas') {
      if (news.type === 'deleted') return undefined;
      const quota = news.object as unknown as ResourceQuota;
      const before = news.old as unknown as ResourceQuota | undefined;
      return before !== undefined && deepEqual(before.spec.hard, quota.spec.hard) ? undefined : { keys: [objectKey(news.object)] };
    }
    if (!givesBack(news)) return undefined;
    const quotas = list('resourcequotas');
    return quotas.size === 0 ? undefined : { keys: Array.from(quotas.byIndex('namespace', news.object.metadata.namespace ?? '') as Iterable<KubeObject>, objectKey) };
  },
  sync(context) {
    const { key, list, step, answers } = context;
    if (step === 'writing') return answers[0]!.ok || answers[0]!.code === 404 ? { requeueAfterUs: syncPeriodUs, requeueInBackground: true } : { error: `could not write the status of quota ${key}` };
    const { namespace, name } = splitObjectKey(key);
    const quota = list('resourcequotas').get(namespace, name);
    if (quota === undefined) return finished;
    if (step !== undefined) return count(context, quota, step.listed);
    const kinds = countable.filter((info) => counts(quota, info) && !informed.has(info.resource));
    if (kinds.length === 0) return count(context, quota, []);
    return { requests: kinds.map((info) => ({ verb: 'list', group: info.group, version: info.version, resource: info.resource, namespace })), next: { listed: kinds }, follow: kinds };
  },
});

/** Whether something is used less after this. Models resource_quota_monitor.go and resource_quota_controller.go: replenishment by deletions, ended Pods and changed Services. */
function givesBack({ type, resource, object, old }: ObjectNews): boolean {
  if (type === 'deleted') return true;
  if (type === 'added' || old === undefined) return false;
  if (resource === 'pods') return !hasEnded(old as Pod) && hasEnded(object as Pod);
  if (resource === 'services') return (old as Service).spec.type !== (object as Service).spec.type;
  return resource === 'persistentvolumeclaims' && !deepEqual(old.spec, object.spec);
}

const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Failed' || status?.phase === 'Succeeded';
const namesOf = ({ spec }: ResourceQuota): readonly string[] => Object.keys(spec.hard ?? {});
const counts = (quota: ResourceQuota, info: ResourceInfo): boolean => latePart('quota').quotaNames(groupResource(info), namesOf(quota)).length > 0;

function count({ nowUs, list, answers }: SyncContext<null, Step>, quota: ResourceQuota, listed: readonly ResourceInfo[]): SyncResult<null, Step> {
  if (answers.some(({ ok }) => !ok)) return { error: `could not list what quota ${quota.metadata.name} counts` };
  const used: Record<string, string> = {};
  for (const info of countable) {
    const at = listed.indexOf(info);
    if (at >= 0 || (informed.has(info.resource) && counts(quota, info))) {
      const objects = at >= 0 ? (answers[at]!.body as unknown as ObjectList).items : known(list, info.resource as 'pods' | 'services', quota.metadata.namespace ?? '');
      tally(used, quota, groupResource(info), objects, nowUs);
    }
  }
  const hard = quota.spec.hard ?? {};
  if (same(quota.status?.hard, hard) && same(quota.status?.used, used)) return { requeueAfterUs: syncPeriodUs, requeueInBackground: true };
  return { requests: [update({ ...quota, apiVersion: 'v1', kind: 'ResourceQuota', status: { hard, used } } as unknown as KubeObject, 'status')], next: 'writing' };
}

const known = (list: Listers, resource: 'pods' | 'services', namespace: string): Iterable<KubeObject> => list(resource).byIndex('namespace', namespace) as Iterable<KubeObject>;

/** Adds what the objects of a kind use of what the quota bounds. Models staging/src/k8s.io/apiserver/pkg/quota/v1/generic/evaluator.go: CalculateUsageStats. */
function tally(used: Record<string, string>, quota: ResourceQuota, resource: string, objects: Iterable<KubeObject>, nowUs: number): void {
  const { quotaNames, usageOf, isAbout } = latePart('quota');
  const names = quotaNames(resource, namesOf(quota));
  for (const name of names) used[name] ??= '0';
  for (const object of objects) {
    if (!isAbout(quota, resource, object)) continue;
    const usage: ResourceList = usageOf(resource, object, nowUs);
    for (const name of names) if (usage[name] !== undefined) used[name] = addQuantities(used[name]!, usage[name]);
  }
}

function same(a: ResourceList | undefined, b: ResourceList): boolean {
  const names = Object.keys(b);
  return a !== undefined && Object.keys(a).length === names.length && names.every((name) => a[name] !== undefined && compareQuantities(a[name], b[name]!) === 0);
}
