/** Roles and their bindings. Models pkg/apis/rbac/validation/validation.go. */
import { invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import type { BindingLike, RbacRule, RbacSubject, RoleLike } from '../kept-specs.ts';
import { pathSegmentName, pushInvalid, subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, type Errors } from './metadata.ts';

const group = 'rbac.authorization.k8s.io';
const list = <T>(items: readonly T[] | null | undefined): readonly T[] => items ?? [];

function validateRule(errors: Errors, rule: RbacRule, namespaced: boolean, path: string): void {
  if (list(rule.verbs).length === 0) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
  if (list(rule.nonResourceURLs).length > 0) {
    if (namespaced) errors.push(invalid(`${path}.nonResourceURLs`, rule.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'));
    if (list(rule.apiGroups).length + list(rule.resources).length > 0) errors.push(invalid(`${path}.nonResourceURLs`, rule.nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'));
    return;
  }
  if (list(rule.apiGroups).length === 0) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (list(rule.resources).length === 0) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
}

function validateRules(errors: Errors, role: RoleLike, namespaced: boolean): void {
  list(role.rules).forEach((rule, index) => validateRule(errors, rule, namespaced, `rules[${index}]`));
  if (role.aggregationRule === undefined) return;
  const selectors = list(role.aggregationRule.clusterRoleSelectors);
  if (selectors.length === 0) errors.push(required('aggregationRule.clusterRoleSelectors', 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  selectors.forEach((selector, index) => validateLabelSelector(errors, selector, `aggregationRule.clusterRoleSelectors[${index}]`));
}

/** The rules of a Role, or of a ClusterRole. */
export const roleRules = (namespaced: boolean) => ({
  create(errors: Errors, role: RoleLike): void {
    validateMetadata(errors, role.metadata, namespaced, pathSegmentName);
    validateRules(errors, role, namespaced);
  },
  update(errors: Errors, role: RoleLike, old: RoleLike): void {
    validateMetadataUpdate(errors, role.metadata, old.metadata);
    validateRules(errors, role, namespaced);
  },
});

function validateSubject(errors: Errors, { kind = '', apiGroup = '', name = '', namespace = '' }: RbacSubject, namespaced: boolean, path: string): void {
  if (name === '') errors.push(required(`${path}.name`));
  if (kind === 'ServiceAccount') {
    if (name !== '') pushInvalid(errors, `${path}.name`, name, subdomainName(name));
    if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
    if (!namespaced && namespace === '') errors.push(required(`${path}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== group) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [group]));
  } else errors.push(notSupported(`${path}.kind`, kind, ['Group', 'ServiceAccount', 'User']));
}

function validateBinding(errors: Errors, { roleRef = {}, subjects }: BindingLike, namespaced: boolean): void {
  if (roleRef.apiGroup !== group) errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup ?? '', [group]));
  const kinds = namespaced ? ['ClusterRole', 'Role'] : ['ClusterRole'];
  if (!kinds.includes(roleRef.kind ?? '')) errors.push(notSupported('roleRef.kind', roleRef.kind ?? '', kinds));
  if (!roleRef.name) errors.push(required('roleRef.name'));
  else pushInvalid(errors, 'roleRef.name', roleRef.name, pathSegmentName(roleRef.name));
  (subjects ?? []).forEach((subject, index) => validateSubject(errors, subject, namespaced, `subjects[${index}]`));
}

/** The rules of a RoleBinding, or of a ClusterRoleBinding. */
export const bindingRules = (namespaced: boolean) => ({
  create(errors: Errors, binding: BindingLike): void {
    validateMetadata(errors, binding.metadata, namespaced, pathSegmentName);
    validateBinding(errors, binding, namespaced);
  },
  update(errors: Errors, binding: BindingLike, old: BindingLike): void {
    validateMetadataUpdate(errors, binding.metadata, old.metadata);
    validateBinding(errors, binding, namespaced);
    const before = errors.length;
    validateImmutable(errors, binding.roleRef, old.roleRef, 'roleRef');
    if (errors.length > before) errors[before] = invalid('roleRef', binding.roleRef, 'cannot change roleRef');
  },
});

