/** Whether a request fits its namespace's quotas, and what they would count then. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go: CheckRequest. */
import type { KubeObject, Pod, ResourceList } from '../../api/index.ts';
import type { ResourceQuota } from '../../api/kept-specs.ts';
import { add, exceeding, lessBy, mask, same, withoutZeros, written } from './amounts.ts';
import { isAbout } from './scopes.ts';
import { countsChanges, quotaNames, unspecified, usageOf } from './usage.ts';

/** Not counted at all. */
const ignored = new Set(['events', 'events.events.k8s.io']);

export type Checked = { readonly refuse: string } | { readonly charge: readonly ResourceQuota[] };

/** The quotas with what they would count after the request, those alone that change; or the refusal's message. */
export function checkQuotas(quotas: readonly ResourceQuota[], resource: string, object: KubeObject, old: KubeObject | undefined, nowUs: number): Checked {
  if (ignored.has(resource) || (old !== undefined && !countsChanges(resource))) return { charge: [] };
  const concerned: ResourceQuota[] = [];
  for (const quota of quotas) {
    if (!isAbout(quota, resource, object)) continue;
    const { metadata: { name }, status } = quota;
    const names = quotaNames(resource, Object.keys(status?.hard ?? {}));
    // One whose status nobody has written yet, and one about other things, limits nothing.
    if (names.length === 0) continue;
    const lacking = resource === 'pods' ? unspecified(object as Pod, names) : undefined;
    if (lacking !== undefined) return { refuse: `failed quota: ${name}: ${lacking}` };
    if (names.some((one) => status?.used?.[one] === undefined)) return { refuse: `status unknown for quota: ${name}, resources: ${[...names].sort().join(',')}` };
    concerned.push(quota);
  }
  if (concerned.length === 0) return { charge: [] };
  const usage = usageOf(resource, object, nowUs);
  const delta = withoutZeros(old === undefined ? usage : lessBy(usage, usageOf(resource, old, nowUs)));
  if (Object.keys(delta).length === 0) return { charge: [] };
  const charge: ResourceQuota[] = [];
  for (const quota of concerned) {
    const outcome = charged(quota, delta);
    if (typeof outcome === 'string') return { refuse: outcome };
    if (outcome !== undefined) charge.push(outcome);
  }
  return { charge };
}

/** The quota as it counts then; undefined where it counts nothing of this; or why not. */
function charged(quota: ResourceQuota, delta: ResourceList): ResourceQuota | string | undefined {
  const { hard = {}, used = {} } = quota.status ?? {};
  const requested = mask(delta, Object.keys(hard));
  const next = add(used, requested);
  const exceeded = exceeding(mask(next, Object.keys(requested)), hard);
  if (exceeded.length > 0) return `exceeded quota: ${quota.metadata.name}, requested: ${written(mask(requested, exceeded))}, used: ${written(mask(used, exceeded))}, limited: ${written(mask(hard, exceeded))}`;
  return same(next, used) ? undefined : { ...quota, status: { ...quota.status, used: next } };
}
