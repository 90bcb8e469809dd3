/** Whether a request is one that a policy is about. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/matching/matching.go and webhook/predicates. */
import type { KubeObject, LabelSelector } from '../../api/index.ts';
import { compileLabelSelector } from '../../apimachinery/label-selector.ts';
import type { Asked } from './asked.ts';
import type { MatchResources, Rule } from './policy.ts';

const has = (list: readonly string[] | undefined, one: string): boolean => list !== undefined && (list.includes('*') || list.includes(one));

// `pods`, `pods/status`, `*`, `*/*`, `pods/*`, `*/scale`.
function hasResource(list: readonly string[] = [], { resource, subresource = '' }: Asked): boolean {
  return list.some((wanted) => {
    const [name, part = ''] = wanted.split('/');
    return (name === '*' || name === resource) && (part === '*' || part === subresource);
  });
}

function hits({ apiGroups, apiVersions, resources, operations, resourceNames, scope = '*' }: Rule, asked: Asked): boolean {
  return has(operations, asked.operation) && has(apiGroups, asked.group) && has(apiVersions, asked.version) && hasResource(resources, asked)
    && (scope === '*' || (scope === 'Namespaced') === asked.namespaced) && (resourceNames === undefined || resourceNames.length === 0 || resourceNames.includes(asked.name));
}

const isEmpty = (selector: LabelSelector | undefined): boolean => selector === undefined || (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0);
const selects = (selector: LabelSelector | undefined, object: KubeObject | null): boolean => object !== null && compileLabelSelector(selector).matches(object.metadata.labels);

/** Whether the constraints take the request in; a binding's need not name resources. */
export function matches(constraints: MatchResources | undefined, asked: Asked, everyResource: boolean): boolean {
  if (constraints === undefined) return everyResource;
  const { namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = constraints;
  if (excludeResourceRules.some((rule) => hits(rule, asked))) return false;
  if (!(everyResource && resourceRules.length === 0) && !resourceRules.some((rule) => hits(rule, asked))) return false;
  const isNamespace = asked.group === '' && asked.resource === 'namespaces';
  if (!isEmpty(namespaceSelector) && (asked.namespaced || isNamespace)) {
    const namespace = isNamespace ? asked.object ?? asked.old : asked.namespaceObject;
    if (!selects(namespaceSelector, namespace)) return false;
  }
  return isEmpty(objectSelector) || selects(objectSelector, asked.object) || selects(objectSelector, asked.old);
}
