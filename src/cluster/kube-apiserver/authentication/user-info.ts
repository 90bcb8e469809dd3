import type { ApiRequest } from '../../../kubernetes/protocols/api.ts';

/** Who asks, as the stages after authentication know them. Models staging/src/k8s.io/apiserver/pkg/authentication/user/user.go: Info. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: { readonly [key: string]: readonly string[] };
}

const known: { readonly [user: string]: readonly string[] } = {
  'kubernetes-admin': ['kubeadm:cluster-admins'],
  'kubernetes-super-admin': ['system:masters'],
  'system:apiserver': ['system:masters'],
};

const users = new Map<string, UserInfo>();

/** A user whose client certificate is believed: its CN is the user, its O are the groups. */
export function userNamed(name: string): UserInfo {
  let user = users.get(name);
  if (user === undefined) {
    user = { name, groups: [...ownGroups(name), name === '' || name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'] };
    if (users.size < 20_000) users.set(name, user);
  }
  return user;
}

export function ownGroups(user: string): readonly string[] {
  if (user.startsWith('system:node:')) return ['system:nodes'];
  const account = accountOf(user);
  return account === undefined ? known[user] ?? [] : accountGroups(account.namespace);
}

/** Models staging/src/k8s.io/apiserver/pkg/authentication/serviceaccount/util.go: MakeGroupNames. */
export const accountGroups = (namespace: string): readonly string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];

/** The ServiceAccount that a user name stands for. Models SplitUsername. */
export function accountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!user.startsWith('system:serviceaccount:')) return undefined;
  const [, , namespace = '', name = '', ...more] = user.split(':');
  return namespace === '' || name === '' || more.length > 0 ? undefined : { namespace, name };
}

/** Whether a part of the cluster asks: it sends what its own types made. A client from outside that is taken for one is not believed so far. */
export const isComponent = ({ user, credentials }: ApiRequest): boolean => credentials === undefined && user.startsWith('system:');
