/** Who may do what from the first start on. Models plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go and controller_policy.go, for the resources served here. */

export interface PolicyRule { readonly verbs: readonly string[]; readonly groups: readonly string[]; readonly resources: readonly string[] }
export interface ClusterRole { readonly name: string; readonly rules: readonly PolicyRule[] }
export interface ClusterRoleBinding { readonly name: string; readonly role: string; readonly users?: readonly string[]; readonly groups?: readonly string[] }

const read = ['get', 'list', 'watch'];
const all = ['*'];
const rule = (verbs: readonly string[], group: string, ...resources: readonly string[]): PolicyRule => ({ verbs, groups: [group], resources });
const eventsRule = rule(['create', 'patch', 'update'], '', 'events');
const controller = (name: string, ...rules: readonly PolicyRule[]): ClusterRole => ({ name: `system:controller:${name}`, rules: [...rules, eventsRule] });

const controllers: readonly ClusterRole[] = [
  controller('deployment-controller', rule([...read, 'update'], 'apps', 'deployments'), rule(['update'], 'apps', 'deployments/status', 'deployments/finalizers'),
    rule([...read, 'create', 'update', 'patch', 'delete'], 'apps', 'replicasets'), rule([...read, 'update'], '', 'pods')),
  controller('replicaset-controller', rule([...read, 'update'], 'apps', 'replicasets'), rule(['update'], 'apps', 'replicasets/status', 'replicasets/finalizers'),
    rule([...read, 'create', 'patch', 'delete'], '', 'pods')),
  controller('endpointslice-controller', rule(read, '', 'services', 'pods', 'nodes'), rule([...read, 'create', 'update', 'delete'], 'discovery.k8s.io', 'endpointslices')),
  controller('namespace-controller', rule([...read, 'delete'], '', 'namespaces'), rule(['update'], '', 'namespaces/finalize', 'namespaces/status'),
    { verbs: ['delete', 'deletecollection', 'get', 'list'], groups: all, resources: all }),
  controller('node-controller', rule([...read, 'update', 'delete', 'patch'], '', 'nodes'), rule(['patch', 'update'], '', 'nodes/status'),
    rule(['update', 'patch'], '', 'pods/status'), rule([...read, 'delete'], '', 'pods'), rule(read, 'coordination.k8s.io', 'leases')),
  controller('pod-garbage-collector', rule([...read, 'delete'], '', 'pods'), rule(read, '', 'nodes'), rule(['patch'], '', 'pods/status')),
  controller('generic-garbage-collector', { verbs: [...read, 'patch', 'update', 'delete'], groups: all, resources: all }),
  controller('service-account-controller', rule([...read, 'create'], '', 'serviceaccounts'), rule(read, '', 'namespaces')),
  controller('root-ca-cert-publisher', rule([...read, 'create', 'update'], '', 'configmaps'), rule(read, '', 'namespaces')),
];

/** The ClusterRoles, in no order that matters. */
export const clusterRoles: readonly ClusterRole[] = [
  { name: 'cluster-admin', rules: [{ verbs: all, groups: all, resources: all }] },
  { name: 'system:kube-scheduler', rules: [
    eventsRule, rule([...read, 'delete'], '', 'pods'), rule(['create'], '', 'bindings', 'pods/binding'), rule(['patch', 'update'], '', 'pods/status'),
    rule(read, '', 'nodes', 'namespaces', 'services'), rule(read, 'apps', 'replicasets'), rule(['create', 'get', 'list', 'update', 'watch'], 'coordination.k8s.io', 'leases'),
  ] },
  { name: 'system:kube-controller-manager', rules: [
    eventsRule, rule(['create', 'get', 'update'], 'coordination.k8s.io', 'leases'), rule(['create'], '', 'serviceaccounts/token'),
    rule(['get', 'create', 'update', 'delete'], '', 'secrets', 'serviceaccounts', 'configmaps', 'namespaces'), { verbs: ['list', 'watch'], groups: all, resources: all },
  ] },
  { name: 'system:node', rules: [
    eventsRule, rule([...read, 'create', 'update', 'patch'], '', 'nodes'), rule(['patch', 'update'], '', 'nodes/status'),
    rule([...read, 'create', 'delete'], '', 'pods'), rule(['patch', 'update'], '', 'pods/status'), rule(['create'], '', 'pods/eviction'),
    rule(read, '', 'services', 'configmaps', 'secrets'), rule(['create'], '', 'serviceaccounts/token'), rule(['get', 'create', 'update', 'patch', 'delete'], 'coordination.k8s.io', 'leases'),
  ] },
  { name: 'system:node-proxier', rules: [rule(['list', 'watch'], '', 'services', 'endpoints'), rule(read, '', 'nodes'), eventsRule, rule(['list', 'watch'], 'discovery.k8s.io', 'endpointslices')] },
  { name: 'system:discovery', rules: [{ verbs: ['discover'], groups: all, resources: all }] },
  ...controllers,
];

/** The ClusterRoleBindings. Nodes are bound by the Node authorizer upstream; here by their group. */
export const clusterRoleBindings: readonly ClusterRoleBinding[] = [
  { name: 'cluster-admin', role: 'cluster-admin', groups: ['system:masters'] },
  { name: 'kubeadm:cluster-admins', role: 'cluster-admin', groups: ['kubeadm:cluster-admins'] },
  { name: 'system:kube-scheduler', role: 'system:kube-scheduler', users: ['system:kube-scheduler'] },
  { name: 'system:kube-controller-manager', role: 'system:kube-controller-manager', users: ['system:kube-controller-manager'] },
  { name: 'system:node', role: 'system:node', groups: ['system:nodes'] },
  { name: 'system:node-proxier', role: 'system:node-proxier', users: ['system:kube-proxy', 'system:serviceaccount:kube-system:kube-proxy'] },
  { name: 'system:discovery', role: 'system:discovery', groups: ['system:authenticated'] },
  ...controllers.map(({ name }): ClusterRoleBinding => ({ name, role: name, users: [`system:serviceaccount:kube-system:${name.slice('system:controller:'.length)}`] })),
];
