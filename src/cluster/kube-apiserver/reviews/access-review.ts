/** May somebody do something? Models pkg/registry/authorization/{subjectaccessreview,selfsubjectaccessreview,localsubjectaccessreview}/rest.go, pkg/registry/authorization/util and pkg/apis/authorization/validation. */
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { invalid, required, type FieldError } from '../../../kubernetes/apimachinery/field-errors.ts';
import { badRequestError, invalidError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { UserInfo } from '../authentication/user-info.ts';
import type { Attributes } from '../authorization/attributes.ts';
import { decide } from '../authorization/authorizer.ts';
import type { Review } from './outcome.ts';

interface AccessSpec {
  readonly resourceAttributes?: { readonly namespace?: string; readonly verb?: string; readonly group?: string; readonly resource?: string; readonly subresource?: string; readonly name?: string } | null;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string } | null;
  readonly user?: string; readonly groups?: readonly string[]; readonly uid?: string; readonly extra?: UserInfo['extra'];
}

export const reviewAccess: Review = (body, inflight, { state }) => {
  const { info } = inflight.served;
  const spec = (body.spec ?? {}) as AccessSpec;
  const errors = problems(spec, info.kind === 'SelfSubjectAccessReview');
  if (errors.length > 0) return { refuse: invalidError(info, '', errors) };
  const { namespace } = inflight.request;
  if (info.namespaced && (spec.resourceAttributes?.namespace ?? '') !== namespace) return { refuse: badRequestError(`spec.resourceAttributes.namespace must match namespace: ${namespace}`) };
  const user = info.kind === 'SelfSubjectAccessReview' ? inflight.user : subjectOf(spec);
  const decision = decide(state, asked(spec, user));
  const { allowed, reason } = decision ?? { allowed: false, reason: '' };
  // The node authorizer gives no reason of its own upstream.
  const status = { allowed, ...(reason.startsWith('RBAC') && { reason }) };
  return { object: { ...body, metadata: { ...body.metadata, creationTimestamp: null }, status } as unknown as KubeObject };
};

const subjectOf = ({ user = '', groups = [], uid, extra }: AccessSpec): UserInfo => ({ name: user, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) });

/** Models helpers.go: AuthorizationAttributesFrom. */
function asked({ resourceAttributes, nonResourceAttributes }: AccessSpec, user: UserInfo): Attributes {
  const { namespace = '', verb = '', group = '', resource = '', subresource = '', name = '' } = resourceAttributes ?? {};
  const path = nonResourceAttributes ?? undefined;
  return path === undefined ? { user, namespace, verb, group, resource, subresource, name } : { user, namespace, verb: path.verb ?? '', group, resource, subresource, name, path: path.path ?? '' };
}

function problems({ resourceAttributes, nonResourceAttributes, user = '', groups = [] }: AccessSpec, self: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  const [resource, path] = [resourceAttributes ?? undefined, nonResourceAttributes ?? undefined];
  if (resource !== undefined && path !== undefined) errors.push(invalid('spec.nonResourceAttributes', path, 'cannot be specified in combination with resourceAttributes'));
  if (resource === undefined && path === undefined) errors.push(required('spec.resourceAttributes', 'exactly one of nonResourceAttributes or resourceAttributes must be specified'));
  if (!self && user === '' && groups.length === 0) errors.push(required('spec.user', 'at least one of user or group must be specified'));
  return errors;
}

