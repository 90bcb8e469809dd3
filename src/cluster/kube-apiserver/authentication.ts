/** Who asks. Models staging/src/k8s.io/apiserver/pkg/authentication: the client certificate's CN is the user, its O are the groups. */

const known: { readonly [user: string]: readonly string[] } = {
  'kubernetes-admin': ['kubeadm:cluster-admins'],
  'kubernetes-super-admin': ['system:masters'],
  'system:apiserver': ['system:masters'],
};

const groupsByUser = new Map<string, readonly string[]>();

/** The groups of a user, as the certificate or token would say. */
export function groupsOf(user: string): readonly string[] {
  let groups = groupsByUser.get(user);
  if (groups === undefined) {
    groups = [...ownGroups(user), user === '' || user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'];
    if (groupsByUser.size < 20_000) groupsByUser.set(user, groups);
  }
  return groups;
}

function ownGroups(user: string): readonly string[] {
  if (user.startsWith('system:node:')) return ['system:nodes'];
  if (user.startsWith('system:serviceaccount:')) return ['system:serviceaccounts', `system:serviceaccounts:${user.split(':')[2] ?? ''}`];
  return known[user] ?? [];
}
