/**
 * Nodes may do what the rules of nodes say. Models plugin/pkg/auth/authorizer/node/node_authorizer.go, without its graph: a node may read each Secret,
 * ConfigMap and claim by its rules, not only those of its own Pods, and ask for the token of each ServiceAccount.
 */
import type { RbacRule } from '../../../kubernetes/api/kept-specs.ts';
import type { UserInfo } from '../authentication/user-info.ts';
import type { Attributes } from './attributes.ts';
import { clusterRoles } from './bootstrap-policy.ts';
import type { Decision } from './policy.ts';
import { covers } from './rules.ts';

const rules: readonly RbacRule[] = clusterRoles.find(({ metadata }) => metadata.name === 'system:node')?.rules ?? [];
const allowed: Decision = { allowed: true, reason: 'Node: allowed by the rules of nodes', everywhere: true };

/** Models pkg/auth/nodeidentifier/default.go. */
export const isNode = ({ name, groups }: UserInfo): boolean => name.startsWith('system:node:') && name.length > 'system:node:'.length && groups.includes('system:nodes');

/** Undefined: no opinion. */
export const decideForNode = (asked: Attributes): Decision | undefined => (isNode(asked.user) && rules.some((rule) => covers(rule, asked)) ? allowed : undefined);
