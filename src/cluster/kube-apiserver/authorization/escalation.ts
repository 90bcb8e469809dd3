/** Nobody gives away more than they have. Models pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased, pkg/registry/rbac/validation and staging/src/k8s.io/component-helpers/auth/rbac/validation/policy_comparator.go. */
import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import type { BindingLike, RbacRule, RoleLike } from '../../../kubernetes/api/kept-specs.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { Inflight } from '../state.ts';
import type { ApiServerState } from '../state.ts';
import { attributesOf } from './attributes.ts';
import { decide, policyOf } from './authorizer.ts';
import { rbacGroup } from './bootstrap-policy.ts';

const anything: readonly RbacRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }];

/** The refusal of a role or a binding that would give its author more than they have. */
export function escalation(state: ApiServerState, { request, user, id }: Inflight, next: KubeObject, current?: KubeObject): Status | undefined {
  if (id === '' || user.groups.includes('system:masters') || (current !== undefined && onlyLetsGo(next, current))) return undefined;
  const asked = attributesOf(request, user);
  const may = (verb: string, of: object): boolean => decide(state, { ...asked, subresource: '', verb, ...of })?.allowed === true;
  const { name, namespace = '' } = next.metadata;
  const refuse = (message: string): Status => forbiddenError({ group: rbacGroup, resource: request.resource }, name, message);
  const policy = policyOf(state);
  const lacks = (rules: readonly RbacRule[]): string | undefined => missingText(policy.rulesFor(user, namespace), rules, user.name, user.groups);
  if ('roleRef' in next) {
    const { roleRef } = next as unknown as BindingLike;
    if (may('bind', { resource: roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles', name: roleRef.name ?? '', namespace })) return undefined;
    const referred = policy.rulesOf(roleRef, namespace);
    if ('missing' in referred) return referred.missing;
    const lacking = lacks(referred.rules);
    return lacking === undefined ? undefined : refuse(lacking);
  }
  if (may('escalate', { name, namespace })) return undefined;
  const { rules, aggregationRule } = next as unknown as RoleLike;
  const lacking = lacks(rules ?? []);
  if (lacking !== undefined) return refuse(lacking);
  const gathers = aggregationRule === undefined ? undefined : lacks(anything);
  return gathers === undefined ? undefined : refuse(`must have cluster-admin privileges to use an aggregationRule: ${gathers}`);
}

/** Models pkg/registry/rbac/helpers.go: IsOnlyMutatingGCFields. */
function onlyLetsGo(next: KubeObject, current: KubeObject): boolean {
  const bare = (object: KubeObject): object => ({ ...object, metadata: { ...object.metadata, ownerReferences: undefined, finalizers: undefined, managedFields: undefined, resourceVersion: undefined } });
  return deepEqual(bare(next), bare(current));
}

const each = (list: readonly string[] | undefined): readonly string[] => list ?? [];

/** A rule taken apart into rules of one group, one resource, one verb and one name. Models BreakdownRule. */
function* apart(rule: RbacRule): Generator<RbacRule> {
  for (const group of each(rule.apiGroups)) {
    for (const resource of each(rule.resources)) {
      for (const verb of each(rule.verbs)) {
        const one = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (each(rule.resourceNames).length === 0) yield one;
        else for (const name of rule.resourceNames!) yield { ...one, resourceNames: [name] };
      }
    }
  }
  for (const url of each(rule.nonResourceURLs)) for (const verb of each(rule.verbs)) yield { nonResourceURLs: [url], verbs: [verb] };
}

const all = (owned: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean => each(wanted).every((one) => each(owned).includes(one));
const allOrStar = (owned: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean => each(owned).includes('*') || all(owned, wanted);

/** Models ruleCovers. */
function holds(owned: RbacRule, part: RbacRule): boolean {
  const names = each(owned.resourceNames).length === 0 || (each(part.resourceNames).length > 0 && all(owned.resourceNames, part.resourceNames));
  return allOrStar(owned.verbs, part.verbs) && allOrStar(owned.apiGroups, part.apiGroups) && holdsResources(each(owned.resources), each(part.resources)) && holdsUrls(each(owned.nonResourceURLs), each(part.nonResourceURLs)) && names;
}

const holdsResources = (owned: readonly string[], wanted: readonly string[]): boolean => owned.includes('*') || wanted.every((path) => owned.includes(path) || (path.includes('/') && owned.includes(`*/${path.slice(path.indexOf('/') + 1)}`)));
const holdsUrls = (owned: readonly string[], wanted: readonly string[]): boolean => wanted.every((path) => owned.some((url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')))));

/** What is not held, in upstream's words; undefined where all of it is. Models rule.go: ConfirmNoEscalation. */
export function missingText(owned: readonly RbacRule[], wanted: readonly RbacRule[], user: string, groups: readonly string[]): string | undefined {
  const missing = wanted.flatMap((rule) => [...apart(rule)]).filter((part) => !owned.some((rule) => holds(rule, part)));
  if (missing.length === 0) return undefined;
  const lines = [...new Set(compact(missing).map(textOf))].sort();
  return `user ${JSON.stringify(user)} (groups=${quoted(groups)}) is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`;
}

/** Verbs of one resource together. Models policy_compact.go: CompactRules. */
function compact(rules: readonly RbacRule[]): readonly RbacRule[] {
  const simple = new Map<string, RbacRule>();
  const others: RbacRule[] = [];
  for (const rule of rules) {
    if (rule.nonResourceURLs !== undefined) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const known = simple.get(key);
    simple.set(key, known === undefined ? rule : { ...known, verbs: [...known.verbs!, ...rule.verbs!] });
  }
  return [...others, ...simple.values()];
}

const quoted = (list: readonly string[]): string => `[${list.map((one) => JSON.stringify(one)).join(' ')}]`;

/** Models pkg/apis/rbac/v1/evaluation_helpers.go: CompactString. */
function textOf({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: RbacRule): string {
  const parts = { APIGroups: apiGroups, Resources: resources, NonResourceURLs: nonResourceURLs, ResourceNames: resourceNames, Verbs: verbs };
  return `{${Object.entries(parts).filter(([, list]) => each(list).length > 0).map(([name, list]) => `${name}:${quoted(list!)}`).join(', ')}}`;
}
