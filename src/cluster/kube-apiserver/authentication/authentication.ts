/** Who a client from outside is. Models staging/src/k8s.io/apiserver/pkg/authentication/request and pkg/endpoints/filters/{authentication,impersonation}.go. */
import type { Status } from '../../../kubernetes/api/index.ts';
import { internalServerError, unauthorizedError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { ApiRequest, Credentials } from '../../../kubernetes/protocols/api.ts';
import { forbidden, type Attributes } from '../authorization/attributes.ts';
import { decide } from '../authorization/authorizer.ts';
import type { ApiServerState } from '../state.ts';
import { userOfToken } from './tokens.ts';
import { accountGroups, accountOf, userNamed, type UserInfo } from './user-info.ts';

/** Administrators whose tokens are their names. Models --token-auth-file. */
const staticTokens: readonly string[] = ['kubernetes-admin', 'kubernetes-super-admin'];
export const adminOfToken = (token: string): UserInfo | undefined => (staticTokens.includes(token) ? userNamed(token) : undefined);

export type Authenticated = { readonly request: ApiRequest; readonly user: UserInfo } | { readonly refuse: Status; readonly user?: UserInfo } | 'await the policy';

/** The request in the name of whom it is really made, or the refusal. */
export function authenticate(state: ApiServerState, request: ApiRequest, { token, impersonate }: Credentials, nowUs: number): Authenticated {
  const user = token === undefined ? userNamed(request.user) : adminOfToken(token) ?? userOfToken(state, token, nowUs)?.user;
  if (user === undefined) return { refuse: unauthorizedError() };
  if (impersonate === undefined) return { request: { ...request, user: user.name }, user };
  for (const asked of questions(user, impersonate)) {
    if (typeof asked === 'string') return { refuse: internalServerError(asked), user };
    const decision = decide(state, asked);
    if (decision === undefined) return 'await the policy';
    if (!decision.allowed) return { refuse: forbidden(asked, decision.reason), user };
  }
  const acting = standIn(impersonate);
  return { request: { ...request, user: acting.name }, user: acting };
}

/** What must be allowed for it: to impersonate each of what is said. Models impersonation.go: buildImpersonationRequests. */
function* questions(user: UserInfo, { user: name, uid, groups, extra }: NonNullable<Credentials['impersonate']>): Generator<Attributes | string> {
  const asked = { user, verb: 'impersonate', group: '', subresource: '', namespace: '' };
  const account = accountOf(name);
  if (name === '') {
    yield `requested [${[...groups, ...Object.keys(extra), ...(uid === '' ? [] : [uid])].join(' ')}] without impersonating a user`;
    return;
  }
  yield account === undefined ? { ...asked, resource: 'users', name } : { ...asked, resource: 'serviceaccounts', ...account };
  for (const one of groups) yield { ...asked, resource: 'groups', name: one };
  const authentication = { ...asked, group: 'authentication.k8s.io' };
  for (const [key, values] of Object.entries(extra)) for (const value of values) yield { ...authentication, resource: 'userextras', subresource: key, name: value };
  if (uid !== '') yield { ...authentication, resource: 'uids', name: uid };
}

/** Who is acted for: an account brings its groups where none are said; who is authenticated says so. */
function standIn({ user, uid, groups, extra }: NonNullable<Credentials['impersonate']>): UserInfo {
  const account = accountOf(user);
  const own = groups.length === 0 && account !== undefined ? accountGroups(account.namespace) : groups;
  const standing = user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  const complete = own.includes('system:authenticated') || own.includes('system:unauthenticated') ? own : [...own, standing];
  return { name: user, ...(uid === '' ? {} : { uid }), groups: complete, ...(Object.keys(extra).length === 0 ? {} : { extra }) };
}
