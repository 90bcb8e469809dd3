import { groupResource, type KubeObject } from '../../../kubernetes/api/index.ts';
import type { RbacRule, RoleLike } from '../../../kubernetes/api/kept-specs.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { defineController, finished, type Listers } from '../controller.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';

const clusterRoles = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' };
const name = groupResource(clusterRoles);
const rolesIn = (list: Listers): Lister<RoleLike> => list(name as Parameters<Listers>[0]) as unknown as Lister<RoleLike>;

/**
 * Gathers the rules of roles by their labels: into admin, edit and view, and into users' own. Models pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go;
 * it follows the roles from the moment when somebody has asked for them, before which there are only those that every cluster has, gathered already.
 */
export const clusterRoleAggregationController = defineController<null, true>({
  name: 'clusterrole-aggregation-controller',
  serviceAccount: 'clusterrole-aggregation-controller',
  component: 'clusterrole-aggregation-controller',
  resources: [],
  followsMore: true,
  awakenedBy: [clusterRoles],
  concurrency: 5,
  memory: () => null,
  react({ resource }, { list }) {
    return resource === name ? { keys: [...rolesIn(list).all()].filter(({ aggregationRule }) => aggregationRule !== undefined).map(({ metadata }) => metadata.name) } : undefined;
  },
  sync({ key, list, step, answers }) {
    if (step !== undefined) return answers[0]!.ok ? finished : { error: `could not gather the rules of ClusterRole ${key}` };
    const role = rolesIn(list).get('', key);
    if (role?.aggregationRule === undefined) return finished;
    const rules = gathered(role, [...rolesIn(list).all()]);
    if (deepEqual(rules, role.rules ?? [])) return finished;
    const body = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: key }, rules } as unknown as KubeObject;
    return {
      requests: [{ verb: 'patch', ...clusterRoles, name: key, body, patchType: 'application/apply-patch+yaml', query: { fieldManager: 'clusterrole-aggregation-controller', force: true } }], next: true,
      notes: [{ name: 'aggregation', text: `ClusterRole ${key} is gathered from others: ${rules.length} rules` }],
    };
  },
});

/** The rules of all that a selector names, each once, selector by selector and role by role in the order of names. */
function gathered({ metadata, aggregationRule }: RoleLike, all: readonly RoleLike[]): readonly RbacRule[] {
  const rules: RbacRule[] = [];
  const sorted = [...all].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const selector of aggregationRule?.clusterRoleSelectors ?? []) {
    const matcher = compileLabelSelector(selector);
    for (const role of sorted) {
      if (role.metadata.name === metadata.name || !matcher.matches(role.metadata.labels)) continue;
      for (const rule of role.rules ?? []) if (!rules.some((one) => deepEqual(one, rule))) rules.push(rule);
    }
  }
  return rules;
}
