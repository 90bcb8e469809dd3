/** Questions about who one is and what one may, answered at once and kept nowhere. Models pkg/registry/{authentication,authorization}. */
import { methodNotSupportedError, pageNotFoundError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { answer, refuse } from '../answers.ts';
import { decodeBody } from '../checking.ts';
import type { Inflight, Step } from '../state.ts';
import { reviewAccess } from './access-review.ts';
import type { Review } from './outcome.ts';
import { reviewRules } from './rules-review.ts';
import { reviewSelf, reviewToken } from './who-review.ts';

const reviews: { readonly [resource: string]: Review } = {
  selfsubjectaccessreviews: reviewAccess, subjectaccessreviews: reviewAccess, localsubjectaccessreviews: reviewAccess, selfsubjectrulesreviews: reviewRules,
  selfsubjectreviews: reviewSelf, tokenreviews: reviewToken,
};

export function review(step: Step, inflight: Inflight): void {
  const { request, served: { info } } = inflight;
  if (request.subresource !== undefined) return refuse(step, inflight, pageNotFoundError(), 'routing');
  if (request.verb !== 'create' || (request.name ?? '') !== '') return refuse(step, inflight, methodNotSupportedError(info, request.verb), 'routing');
  const decoded = decodeBody(inflight, request.body ?? {});
  if ('refuse' in decoded) return refuse(step, inflight, decoded.refuse, 'decoding');
  const outcome = reviews[info.resource]!(decoded.object, inflight, step);
  if ('refuse' in outcome) return refuse(step, inflight, outcome.refuse, 'validation');
  answer(step, decoded.warnings === undefined ? inflight : { ...inflight, warnings: decoded.warnings }, 201, outcome.object);
}
