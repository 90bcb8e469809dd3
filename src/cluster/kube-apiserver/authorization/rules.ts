/** Whether a rule covers what is asked. Models pkg/apis/rbac/v1/evaluation_helpers.go and plugin/pkg/auth/authorizer/rbac/rbac.go: RuleAllows. */
import type { RbacRule } from '../../../kubernetes/api/kept-specs.ts';
import type { Attributes } from './attributes.ts';

const list = (given: readonly string[] | null | undefined): readonly string[] => given ?? [];
const has = (given: readonly string[] | null | undefined, wanted: string): boolean => given !== undefined && given !== null && (given.includes(wanted) || given.includes('*'));

export function covers(rule: RbacRule, asked: Attributes): boolean {
  if (!has(rule.verbs, asked.verb)) return false;
  if (asked.path !== undefined) return list(rule.nonResourceURLs).some((url) => urlMatches(url, asked.path!));
  return has(rule.apiGroups, asked.group) && resourceMatches(rule, asked) && nameMatches(rule, asked.name);
}

/** `*` is everything, `pods/log` itself, `…/scale` the scale of everything. */
function resourceMatches({ resources }: RbacRule, { resource, subresource }: Attributes): boolean {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return has(resources, combined) || (subresource !== '' && list(resources).includes(`*/${subresource}`));
}

const nameMatches = ({ resourceNames }: RbacRule, name: string): boolean => list(resourceNames).length === 0 || resourceNames!.includes(name);

function urlMatches(url: string, path: string): boolean {
  if (url === '*' || url === path) return true;
  return url.endsWith('*') && path.startsWith(url.replace(/\*+$/, ''));
}

/** Whether it covers the same whatever the object is called. */
export const isNamed = ({ resourceNames }: RbacRule): boolean => list(resourceNames).length > 0;
