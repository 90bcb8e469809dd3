/** May they? Models plugin/pkg/auth/authorizer/rbac/rbac.go over the bootstrap policy, and the wording of endpoints/handlers/responsewriters/errors.go. */
import { forbiddenError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { clusterRoleBindings, clusterRoles, type ClusterRole, type PolicyRule } from './bootstrap-policy.ts';

/** The decision and its reason, as the audit log would give it. */
export interface Decision { readonly allowed: boolean; readonly reason: string }

const roles = new Map<string, ClusterRole>(clusterRoles.map((role) => [role.name, role]));
/** By user, by resource, by verb and subresource: looked up part by part, since a key of all of them would be made for each request. */
const decisions = new Map<string, Map<string, Map<string, Decision>>>();
let remembered = 0;

/** Decides by the rules of all roles bound to the user or one of the groups; the same question is worked out once. */
export function authorize(request: ApiRequest, groups: readonly string[]): Decision {
  const { user, verb, subresource } = request;
  const resource = request.group === '' ? request.resource : `${request.resource}.${request.group}`;
  const action = subresource === undefined ? verb : `${verb} ${subresource}`;
  const known = decisions.get(user)?.get(resource)?.get(action);
  if (known !== undefined) return known;
  const decision = decide(request, groups);
  if (remembered < 50_000) {
    remembered++;
    let byResource = decisions.get(user);
    if (byResource === undefined) decisions.set(user, byResource = new Map());
    let byAction = byResource.get(resource);
    if (byAction === undefined) byResource.set(resource, byAction = new Map());
    byAction.set(action, decision);
  }
  return decision;
}

function decide(request: ApiRequest, groups: readonly string[]): Decision {
  const resource = request.subresource === undefined ? request.resource : `${request.resource}/${request.subresource}`;
  for (const binding of clusterRoleBindings) {
    const user = binding.users?.includes(request.user) === true;
    const group = user ? undefined : binding.groups?.find((one) => groups.includes(one));
    if (!user && group === undefined) continue;
    const role = roles.get(binding.role);
    if (role?.rules.some((rule) => covers(rule, request.verb, request.group, resource))) {
      return { allowed: true, reason: `RBAC: allowed by ClusterRoleBinding "${binding.name}" of ClusterRole "${role.name}" to ${user ? `User "${request.user}"` : `Group "${group}"`}` };
    }
  }
  // The bootstrap policy here is not complete: the cluster's own components are let through, and it is said.
  return request.user.startsWith('system:node:') || (request.user.startsWith('system:') && !request.user.startsWith('system:serviceaccount:') && request.user !== 'system:anonymous')
    || request.user.startsWith('system:serviceaccount:kube-system:')
    ? { allowed: true, reason: `no rule modelled here covers this; let through because ${request.user} belongs to the cluster` }
    : { allowed: false, reason: '' };
}

const has = (list: readonly string[], wanted: string): boolean => list.includes('*') || list.includes(wanted);
const covers = (rule: PolicyRule, verb: string, group: string, resource: string): boolean =>
  has(rule.verbs, verb) && has(rule.groups, group) && has(rule.resources, resource);

/** 403 in upstream's words. */
export function forbidden(request: ApiRequest): Status {
  const { user, verb, group, resource, subresource, namespace } = request;
  const asked = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined || namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return forbiddenError({ group, resource }, request.name ?? '', `User "${user}" cannot ${verb} resource "${asked}" in API group "${group}" ${where}`);
}
