/**
 * May they? The chain of authorizers `Node,RBAC`, with system:masters before it. Models pkg/kubeapiserver/authorizer/config.go and
 * staging/src/k8s.io/apiserver/pkg/authorization/union.
 */
import type { PMap } from '../../../simulation/collections/index.ts';
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import type { BindingLike, RoleLike } from '../../../kubernetes/api/kept-specs.ts';
import type { ApiRequest } from '../../../kubernetes/protocols/api.ts';
import type { UserInfo } from '../authentication/user-info.ts';
import type { Served } from '../served.ts';
import type { ApiServerState } from '../state.ts';
import { attributesOf, type Attributes } from './attributes.ts';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './bootstrap-policy.ts';
import { decideForNode } from './node-authorizer.ts';
import { bootstrapPolicy, Policy, type Decision } from './policy.ts';

/** The kinds a policy is made of, by their keys, with what every cluster has of each. */
export const policyKinds: { readonly [key: string]: readonly KubeObject[] } = {
  'clusterroles.rbac.authorization.k8s.io': clusterRoles as readonly KubeObject[], 'roles.rbac.authorization.k8s.io': roles as readonly KubeObject[],
  'clusterrolebindings.rbac.authorization.k8s.io': clusterRoleBindings as unknown as readonly KubeObject[], 'rolebindings.rbac.authorization.k8s.io': roleBindings as unknown as readonly KubeObject[],
};
export const policyKeys = Object.keys(policyKinds);

/** Whether the server has read the roles and bindings of its cluster. Until somebody asks who is not covered by what every cluster has, it need not. */
export const knowsPolicy = ({ caches }: ApiServerState): boolean => policyKeys.every((key) => { const phase = caches.get(key)?.phase; return phase === 'watching' || phase === 'down'; });

const superuser: Decision = { allowed: true, reason: '', everywhere: true };

/** The decision; undefined where the cluster's own roles and bindings must be read first. */
export function decide(state: ApiServerState, asked: Attributes): Decision | undefined {
  if (asked.user.groups.includes('system:masters')) return superuser;
  const node = decideForNode(state, asked);
  if (node?.allowed === true) return node;
  const known = knowsPolicy(state);
  const decision = (known ? policyOf(state) : bootstrapPolicy).decide(asked);
  if (!decision.allowed && !known) return undefined;
  // Each authorizer says why it did not allow it.
  return decision.allowed || node === undefined || node.reason === '' ? decision : { ...decision, reason: [node.reason, decision.reason].filter((reason) => reason !== '').join('\n') };
}

/** The same for a request; what holds everywhere is worked out once for a user whom nobody stands in for. */
export function authorize(state: ApiServerState, request: ApiRequest, user: UserInfo, served: Served | undefined): Decision | undefined {
  if (served === undefined || served.custom !== undefined || request.credentials !== undefined) return decide(state, attributesOf(request, user));
  const { remembered } = knowsPolicy(state) ? policyOf(state) : bootstrapPolicy;
  const action = request.subresource === undefined ? request.verb : `${request.verb} ${request.subresource}`;
  const known = remembered.get(user.name)?.get(served)?.get(action);
  if (known !== undefined) return known;
  const decision = decide(state, attributesOf(request, user));
  if (decision?.everywhere === true && remembered.size < 20_000) {
    let byResource = remembered.get(user.name);
    if (byResource === undefined) remembered.set(user.name, byResource = new Map());
    let byAction = byResource.get(served);
    if (byAction === undefined) byResource.set(served, byAction = new Map());
    byAction.set(action, decision);
  }
  return decision;
}

/** The policy that a server's caches make, worked out once for each. */
export function policyOf({ caches, builtIn }: ApiServerState): Policy {
  const stored = policyKeys.map((key) => caches.get(key)!.objects);
  const made = policyKeys.map((key) => { const since = builtIn.get(key); return typeof since === 'number' && caches.get(key)!.revision >= since; });
  const known = policies.get(stored[2]!)?.find((one) => one.stored.every((objects, index) => objects === stored[index] && one.made[index] === made[index]));
  if (known !== undefined) return known.policy;
  // What every cluster has holds also where nobody asked for it yet, so that it is not stored, or the server has not seen it stored.
  const objects = policyKeys.map((key, index) => {
    const all = new Map<string, KubeObject>();
    if (!made[index]) for (const object of policyKinds[key]!) all.set(keyOf(object), object);
    stored[index]!.forEach((object, name) => { all.set(name, object); });
    return [...all.keys()].sort().map((name) => all.get(name)!);
  });
  const [cluster, namespaced, clusterwide, inNamespaces] = objects as unknown as [RoleLike[], RoleLike[], BindingLike[], BindingLike[]];
  const policy = new Policy({ clusterRoles: cluster, roles: namespaced, clusterRoleBindings: clusterwide, roleBindings: inNamespaces });
  policies.set(stored[2]!, [{ stored, made, policy }, ...(policies.get(stored[2]!) ?? []).slice(0, 8)]);
  return policy;
}

const keyOf = ({ metadata: { namespace, name } }: KubeObject): string => (namespace === undefined ? name : `${namespace}/${name}`);

interface Made { readonly stored: readonly PMap<string, KubeObject>[]; readonly made: readonly boolean[]; readonly policy: Policy }
const policies = new WeakMap<PMap<string, KubeObject>, readonly Made[]>();
