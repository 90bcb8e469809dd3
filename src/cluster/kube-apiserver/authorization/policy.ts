/** All roles and bindings at one moment, and what follows from them. Models plugin/pkg/auth/authorizer/rbac/rbac.go and pkg/registry/rbac/validation/rule.go. */
import type { BindingLike, RbacRule, RbacSubject, RoleLike } from '../../../kubernetes/api/kept-specs.ts';
import { notFoundError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { Status } from '../../../kubernetes/api/index.ts';
import { accountOf, type UserInfo } from '../authentication/user-info.ts';
import type { Attributes } from './attributes.ts';
import { clusterRoleBindings, clusterRoles, rbacGroup, roleBindings, roles } from './bootstrap-policy.ts';
import { covers, isNamed } from './rules.ts';

/** The decision and its reason, as the audit log would give it. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  /** Whether it is the same for every object of the resource, wherever it lies. */
  readonly everywhere?: boolean;
}

export interface PolicyObjects { readonly clusterRoles: Iterable<RoleLike>; readonly roles: Iterable<RoleLike>; readonly clusterRoleBindings: Iterable<BindingLike>; readonly roleBindings: Iterable<BindingLike> }

interface Bound { readonly binding: BindingLike; readonly subject: RbacSubject }
type BySubject = Map<string, Bound[]>;

/** What one binding gives to one user: the role's rules, or the refusal where there is no such role. */
interface Grant extends Bound { readonly rules: readonly RbacRule[]; readonly missing?: Status }

export class Policy {
  private readonly clusterRoles = new Map<string, RoleLike>();
  private readonly roles = new Map<string, RoleLike>();
  private readonly inCluster: BySubject = new Map();
  private readonly inNamespace = new Map<string, BySubject>();
  /** Decisions that hold everywhere, by user (as their certificates say), by resource, by verb and subresource. */
  readonly remembered = new Map<string, Map<object, Map<string, Decision>>>();

  constructor(objects: PolicyObjects) {
    for (const role of objects.clusterRoles) this.clusterRoles.set(role.metadata.name, role);
    for (const role of objects.roles) this.roles.set(`${role.metadata.namespace}/${role.metadata.name}`, role);
    for (const binding of objects.clusterRoleBindings) index(this.inCluster, binding);
    for (const binding of objects.roleBindings) {
      const namespace = binding.metadata.namespace ?? '';
      let there = this.inNamespace.get(namespace);
      if (there === undefined) this.inNamespace.set(namespace, there = new Map());
      index(there, binding);
    }
  }

  decide(asked: Attributes): Decision {
    const missing: string[] = [];
    for (const grant of this.grants(asked.user, asked.path === undefined ? asked.namespace : '')) {
      // Listers name a kind in the singular.
      if (grant.missing !== undefined) missing.push(`${grant.binding.roleRef.kind?.toLowerCase()}.${rbacGroup} ${JSON.stringify(grant.binding.roleRef.name)} not found`);
      const rule = grant.rules.find((one) => covers(one, asked));
      if (rule !== undefined) return { allowed: true, reason: `RBAC: allowed by ${describe(grant)}`, everywhere: grant.binding.kind === 'ClusterRoleBinding' && !isNamed(rule) };
    }
    const [first] = missing;
    return { allowed: false, reason: first === undefined ? '' : `RBAC: ${missing.length === 1 ? first : `[${missing.join(', ')}]`}` };
  }

  /** All rules of a user at the cluster scope ('') or in a namespace. Models RulesFor. */
  rulesFor(user: UserInfo, namespace: string): readonly RbacRule[] {
    return [...this.grants(user, namespace)].flatMap(({ rules }) => rules);
  }

  /** What a binding refers to: rules, or why there are none. Models GetRoleReferenceRules. */
  rulesOf({ kind = '', name = '' }: BindingLike['roleRef'], namespace: string): { readonly rules: readonly RbacRule[] } | { readonly missing: Status } {
    const role = kind === 'ClusterRole' ? this.clusterRoles.get(name) : this.roles.get(`${namespace}/${name}`);
    if (role !== undefined) return { rules: role.rules ?? [] };
    return { missing: notFoundError({ group: rbacGroup, resource: kind === 'ClusterRole' ? 'clusterroles' : 'roles' }, name) };
  }

  private* grants(user: UserInfo, namespace: string): Generator<Grant> {
    const there = namespace === '' ? undefined : this.inNamespace.get(namespace);
    const keys = keysOf(user);
    for (const map of [this.inCluster, there]) {
      if (map === undefined) continue;
      for (const key of keys) {
        for (const bound of map.get(key) ?? []) yield { ...bound, rules: [], ...this.rulesOf(bound.binding.roleRef, bound.binding.metadata.namespace ?? '') };
      }
    }
  }
}

/** Models rbac.go: appliesToUser. */
function keysOf({ name, groups }: UserInfo): readonly string[] {
  const account = accountOf(name);
  return [`User ${name}`, ...groups.map((group) => `Group ${group}`), ...(account === undefined ? [] : [`ServiceAccount ${account.namespace}/${account.name}`])];
}

function index(map: BySubject, binding: BindingLike): void {
  for (const subject of binding.subjects ?? []) {
    const { kind, name = '' } = subject;
    const namespace = subject.namespace ?? binding.metadata.namespace ?? '';
    const key = kind === 'ServiceAccount' ? (namespace === '' ? undefined : `ServiceAccount ${namespace}/${name}`) : `${kind} ${name}`;
    if (key === undefined) continue;
    const known = map.get(key);
    if (known === undefined) map.set(key, [{ binding, subject }]);
    else if (known[known.length - 1]!.binding !== binding) known.push({ binding, subject });
  }
}

/** Models rbac.go: clusterRoleBindingDescriber, describeSubject. */
function describe({ binding: { kind, metadata, roleRef }, subject }: Bound): string {
  const name = kind === 'RoleBinding' ? `${metadata.name}/${metadata.namespace}` : metadata.name;
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? metadata.namespace}` : subject.name ?? '';
  return `${kind} ${JSON.stringify(name)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subject.kind} ${JSON.stringify(who)}`;
}

/** Every cluster's, where nothing was changed. */
export const bootstrapPolicy = new Policy({ clusterRoles, roles, clusterRoleBindings, roleBindings });
