import type { KubeObject } from '../../../kubernetes/api/index.ts';
import type { ResourceQuota } from '../../../kubernetes/api/kept-specs.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import type { AdmissionContext, AdmissionPlugin } from './plugin.ts';

const resourceQuotas = 'resourcequotas';

/**
 * Models staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota: what would exceed a quota is refused; what fits is counted before it is stored.
 * A quota that another request has charged meanwhile is looked at again.
 */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(object, { inflight, operation, old, nowUs, isAny, all }) {
    const { request, served } = inflight;
    if (!isAny(resourceQuotas) || operation === 'DELETE' || (request.subresource !== undefined && request.subresource !== 'resize') || inflight.charged === true || !served.info.namespaced) return undefined;
    const quotas = all(resourceQuotas, request.namespace ?? '').map((quota) => newest(quota, inflight.looked));
    if (quotas.length === 0) return undefined;
    const checked = latePart('quota').check(quotas as unknown as ResourceQuota[], served.key, object, old, nowUs);
    if ('refuse' in checked) return { refuse: forbiddenError(served.info, object.metadata.name, checked.refuse) };
    return checked.charge.length === 0 ? undefined : { charge: checked.charge as never };
  },
};

type Looked = AdmissionContext['inflight']['looked'];

/** The watch cache may lag behind what was found when a count was to be written. */
function newest(quota: KubeObject, looked: Looked): KubeObject {
  const found = looked[`/registry/resourcequotas/${quota.metadata.namespace}/${quota.metadata.name}`] ?? quota;
  return Number(found.metadata.resourceVersion) > Number(quota.metadata.resourceVersion) ? found : quota;
}
