/**
 * What a kubelet may do: what the rules of nodes say, and of some kinds only what its own Pods have to do with. Models plugin/pkg/auth/authorizer/node/node_authorizer.go.
 * Its graph is not kept: whether there is a way from an object to the node is read off the watch cache of Pods when it is asked (`relations.ts`). PersistentVolumes,
 * VolumeAttachments and what belongs to devices have no watch cache here, and are given by the rules alone.
 */
import type { RbacRule } from '../../../kubernetes/api/kept-specs.ts';
import type { UserInfo } from '../authentication/user-info.ts';
import type { ApiServerState } from '../state.ts';
import { fieldMatcher } from '../watchers.ts';
import type { Attributes } from './attributes.ts';
import { clusterRoles } from './bootstrap-policy.ts';
import type { Decision } from './policy.ts';
import { isRelated } from './relations.ts';
import { covers } from './rules.ts';

const rules: readonly RbacRule[] = clusterRoles.find(({ metadata }) => metadata.name === 'system:node')?.rules ?? [];
const everywhere: Decision = { allowed: true, reason: 'Node: allowed by the rules of nodes', everywhere: true };
const allowed: Decision = { allowed: true, reason: 'Node: allowed, as it is the node’s own' };
/** No opinion, with why; other authorizers may still allow it. */
const no = (reason: string): Decision => ({ allowed: false, reason });
const noOpinion = no('');

const prefix = 'system:node:';
/** Models pkg/auth/nodeidentifier/default.go. */
export const isNode = ({ name, groups }: UserInfo): boolean => name.startsWith(prefix) && name.length > prefix.length && groups.includes('system:nodes');

/** Undefined where who asks is no node. */
export function decideForNode(state: ApiServerState, asked: Attributes): Decision | undefined {
  if (!isNode(asked.user)) return undefined;
  const node = asked.user.name.slice(prefix.length);
  if (asked.path === undefined) {
    const decide = subdivided[asked.group === '' ? asked.resource : `${asked.resource}.${asked.group}`];
    if (decide !== undefined) return decide(state, node, asked);
  }
  return byRules(asked);
}

const byRules = (asked: Attributes): Decision => (rules.some((rule) => covers(rule, asked)) ? everywhere : noOpinion);

/** Models hasPathFrom. */
const related = (state: ApiServerState, node: string, asked: Attributes): Decision => {
  if (asked.name === '') return no('No Object name found');
  return isRelated(state, node, asked) ? allowed : no(`no relationship found between node '${node}' and this object`);
};

type Decide = (state: ApiServerState, node: string, asked: Attributes) => Decision;

/** Models authorizeReadNamespacedObject. */
const readOnly: Decide = (state, node, asked) => {
  if (!['get', 'list', 'watch'].includes(asked.verb)) return no('can only read resources of this type');
  if (asked.subresource !== '') return no('cannot read subresource');
  return asked.namespace === '' ? no('can only read namespaced object of this type') : related(state, node, asked);
};

/** Models authorizeGet. */
const getOnly = (then: Decide): Decide => (state, node, asked) => {
  if (asked.verb !== 'get') return no('can only get individual resources of this type');
  return asked.subresource === '' ? then(state, node, asked) : no('cannot get subresource');
};

/** Models authorizeStatusUpdate, authorizeGet. */
const claims: Decide = (state, node, asked) => {
  if (asked.subresource !== 'status') return getOnly(related)(state, node, asked);
  return asked.verb === 'update' || asked.verb === 'patch' ? related(state, node, asked) : no('can only get/update/patch this type');
};

/** Models authorizeCreateToken. */
const tokens: Decide = (state, node, asked) => {
  if (asked.verb !== 'create' || asked.name === '') return no('can only create tokens for individual service accounts');
  return asked.subresource === 'token' ? related(state, node, asked) : no('can only create token subresource of serviceaccount');
};

const ownVerbs = ['get', 'create', 'update', 'patch', 'delete'];
/** Who creates names the object in it: the admission plugin NodeRestriction looks at that. */
const isOwn = ({ verb, name }: Attributes, node: string): boolean => verb === 'create' || name === node;

/** Models authorizeLease. */
const leases: Decide = (_, node, asked) => {
  if (!ownVerbs.includes(asked.verb)) return no('can only get, create, update, patch, or delete a node lease');
  if (asked.namespace !== 'kube-node-lease') return no('can only access leases in the "kube-node-lease" system namespace');
  return isOwn(asked, node) ? allowed : no('can only access node lease with the same name as the requesting node');
};

/** Models authorizeCSINode. */
const csiNodes: Decide = (_, node, asked) => {
  if (!ownVerbs.includes(asked.verb)) return no('can only get, create, update, patch, or delete a CSINode');
  if (asked.subresource !== '') return no('cannot authorize CSINode subresources');
  return isOwn(asked, node) ? allowed : no('can only access CSINode with the same name as the requesting node');
};

/** Models authorizeNode. */
const nodes: Decide = (_, node, { verb, subresource, name }) => {
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? everywhere : noOpinion;
  if (subresource !== '') return noOpinion;
  if (verb === 'create' || verb === 'update' || verb === 'patch') return everywhere;
  if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return noOpinion;
  if (name === node) return allowed;
  return no(name === '' ? `node '${node}' cannot read all nodes, only its own Node object` : `node '${node}' cannot read '${name}', only its own Node object`);
};

/** Models authorizePod. */
const pods: Decide = (state, node, asked) => {
  const { verb, subresource, name } = asked;
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? everywhere : noOpinion;
  if (subresource === 'eviction') return verb === 'create' ? everywhere : noOpinion;
  if (subresource !== '') return noOpinion;
  if (verb === 'create' || verb === 'delete') return everywhere;
  if (verb === 'get') return related(state, node, asked);
  if (verb !== 'list' && verb !== 'watch') return noOpinion;
  if (selectsNode(asked, node)) return allowed;
  return name === '' ? no('can only list/watch pods with spec.nodeName field selector') : related(state, node, asked);
};

function selectsNode({ fieldSelector = '' }: Attributes, node: string): boolean {
  try {
    return fieldSelector !== '' && fieldMatcher(fieldSelector).requirements.some(({ field, equal, value }) => equal && field === 'spec.nodeName' && value === node);
  } catch {
    return false;
  }
}

const subdivided: { readonly [resource: string]: Decide | undefined } = {
  secrets: readOnly, configmaps: readOnly, persistentvolumeclaims: claims, serviceaccounts: tokens, nodes, pods,
  'leases.coordination.k8s.io': leases, 'csinodes.storage.k8s.io': csiNodes,
  persistentvolumes: getOnly((_state, _node, asked) => byRules(asked)), 'volumeattachments.storage.k8s.io': getOnly((_state, _node, asked) => byRules(asked)),
};
