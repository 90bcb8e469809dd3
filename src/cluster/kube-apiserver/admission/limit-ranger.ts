import type { KubeObject, Pod } from '../../../kubernetes/api/index.ts';
import type { LimitRange } from '../../../kubernetes/admission/limit-ranges.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import type { AdmissionContext, AdmissionPlugin } from './plugin.ts';

const limitRanges = 'limitranges';
const rangesOf = ({ all, inflight }: AdmissionContext): readonly LimitRange[] => all(limitRanges, inflight.request.namespace ?? '') as never;

/** Models plugin/pkg/admission/limitranger/admission.go: Pods and claims get the defaults of their namespace and keep within its limits. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  resources: ['pods', 'persistentvolumeclaims'],
  admit(object: KubeObject, context: AdmissionContext) {
    if (!context.isAny(limitRanges) || object.kind !== 'Pod') return { object };
    const ranges = rangesOf(context);
    return { object: ranges.length === 0 ? object : latePart('limitRanges').withDefaults(object as Pod, ranges) };
  },
  validate(object, context) {
    const { isAny, operation, inflight: { request, served } } = context;
    const resizes = request.subresource === 'resize';
    // The containers of a Pod that is there cannot change, but for their sizes.
    if (!isAny(limitRanges) || operation === 'DELETE' || (request.subresource !== undefined && !resizes) || (operation === 'UPDATE' && served.key === 'pods' && !resizes)) return undefined;
    const ranges = rangesOf(context);
    const message = ranges.length === 0 ? undefined : latePart('limitRanges').brokenLimits(object, ranges);
    return message === undefined ? undefined : { refuse: forbiddenError(served.info, object.metadata.name, message) };
  },
};
