/** The roles and bindings every cluster has, as objects. Models plugin/pkg/auth/authorizer/rbac/bootstrappolicy, and what kubeadm adds. */
import type { BindingLike, RbacRule, RbacSubject, RoleLike } from '../../../kubernetes/api/kept-specs.ts';
import { bindings, clusterRules, controllerRules, kubeadmBindings, kubeadmRules, namespaceRules } from './bootstrap-rules.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${rbacGroup}/v1`;
const letters: { readonly [letter: string]: string } = { g: 'get', l: 'list', w: 'watch', c: 'create', u: 'update', p: 'patch', d: 'delete', x: 'deletecollection' };
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const aggregates = (to: string) => ({ [`rbac.authorization.k8s.io/aggregate-to-${to}`]: 'true' });

/** Words of a list as RuleOrDie leaves them: sorted. */
const words = (text: string): readonly string[] => text.split(',').map((word) => (word === '-' ? '' : word)).sort();
const verbsOf = (text: string): readonly string[] => (/^[glwcupdx]+$/.test(text) ? [...text].map((letter) => letters[letter]!).sort() : words(text));

function ruleOf(line: string): RbacRule {
  const [verbs = '', groups = '', resources = '', names] = line.trim().split(' ');
  if (groups === 'url') return { nonResourceURLs: words(resources), verbs: verbsOf(verbs) };
  return { apiGroups: words(groups), ...(names === undefined ? {} : { resourceNames: words(names) }), resources: words(resources), verbs: verbsOf(verbs) };
}

interface Block { readonly name: string; readonly option: string | undefined; readonly rules: readonly RbacRule[] }

/** A line that begins with a word begins a role; the others are its rules. */
const blocks = (text: string): readonly Block[] => text.trim().split(/\n(?! )/).map((block) => {
  const [head = '', ...rules] = block.split('\n');
  const [name = '', option] = head.split(' ');
  return { name, option, rules: rules.map(ruleOf) };
});

const place = (name: string) => {
  const slash = name.indexOf('/');
  return slash < 0 ? { name } : { name: name.slice(slash + 1), namespace: name.slice(0, slash) };
};

const role = (name: string, rules: readonly RbacRule[], more: object = {}, bootstrapped = true): RoleLike => {
  const metadata = { ...place(name), ...(bootstrapped && { annotations, labels: { ...labels, ...more } }) };
  return { apiVersion, kind: metadata.namespace === undefined ? 'ClusterRole' : 'Role', metadata, rules } as RoleLike;
};

const eventsRule = ruleOf('cpu -,events.k8s.io events');
const controllers = blocks(controllerRules).map(({ name, rules }): RoleLike => role(`system:controller:${name.replace('!', '')}`, name.endsWith('!') ? rules : [...rules, eventsRule]));
const system = blocks(clusterRules).map(({ name, option, rules }): RoleLike => role(name, rules, option === undefined ? {} : aggregates(option.slice('to='.length))));
const rulesOf = (name: string): readonly RbacRule[] => system.find(({ metadata }) => metadata.name === name)?.rules ?? [];

/** Rules without repetitions, in the order in which the roles that carry the label are gathered: by name. Models pkg/controller/clusterroleaggregation. */
const gathered = (name: string, ...from: readonly string[]): RoleLike => {
  const rules = from.flatMap(rulesOf);
  const selector = { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregates(name) }] } };
  return { ...selector, ...role(name, rules, name === 'admin' ? {} : aggregates(name === 'edit' ? 'admin' : 'edit')) };
};

/** `edit` is gathered into `admin`, `view` into `edit`, and each as it ends up. */
export const clusterRoles: readonly RoleLike[] = [
  // What is gathered comes behind what it is gathered from: at no moment is there less to gather.
  ...system, ...controllers, ...blocks(kubeadmRules).map(({ name, rules }) => role(name, rules, {}, false)),
  gathered('view', 'system:aggregate-to-view'), gathered('edit', 'system:aggregate-to-edit', 'system:aggregate-to-view'), gathered('admin', 'system:aggregate-to-edit', 'system:aggregate-to-view', 'system:aggregate-to-admin'),
];
export const roles: readonly RoleLike[] = blocks(namespaceRules).map(({ name, rules }) => role(name, rules));

function subjectOf(word: string): RbacSubject {
  const colon = word.indexOf(':');
  const [kind, name] = [word.slice(0, colon), word.slice(colon + 1)];
  return kind === 'sa' ? { kind: 'ServiceAccount', ...place(name) } : { apiGroup: rbacGroup, kind: kind === 'user' ? 'User' : 'Group', name };
}

const bindingOf = (bootstrapped: boolean) => (line: string): BindingLike => {
  const [full = '', ...rest] = line.split(' ');
  const { name, namespace } = place(full) as { name: string; namespace?: string };
  const other = rest[0]?.startsWith('role:') === true ? rest.shift()!.slice('role:'.length) : undefined;
  const roleRef = { apiGroup: rbacGroup, kind: namespace === undefined ? 'ClusterRole' : 'Role', name: other ?? name };
  return {
    apiVersion, kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding', metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(bootstrapped && { annotations, labels }) },
    roleRef, ...(rest.length > 0 && { subjects: rest.map(subjectOf) }),
  } as BindingLike;
};

const controllerBinding = ({ metadata: { name } }: RoleLike): BindingLike => bindingOf(true)(`${name} sa:kube-system/${name.slice('system:controller:'.length)}`);
const all = [...bindings.trim().split('\n').map(bindingOf(true)), ...kubeadmBindings.trim().split('\n').map(bindingOf(false)), ...controllers.map(controllerBinding)];
export const clusterRoleBindings: readonly BindingLike[] = all.filter(({ kind }) => kind === 'ClusterRoleBinding');
export const roleBindings: readonly BindingLike[] = all.filter(({ kind }) => kind === 'RoleBinding');
