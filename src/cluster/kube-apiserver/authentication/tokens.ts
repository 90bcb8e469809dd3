/**
 * Tokens of ServiceAccounts: made on request, kept nowhere. Models pkg/registry/core/serviceaccount/storage/token.go and pkg/serviceaccount/{claims,jwt}.go.
 * A client from outside gets a JSON Web Token with the real claims that is not signed (`alg: none`): in a model there is nothing to protect. A kubelet, of which
 * there are many requests and whose tokens nobody reads, gets a short text. Both are good for authentication while their account, and the Pod they are bound to, are there.
 */
import type { KubeObject, Pod, ServiceAccount, Status } from '../../../kubernetes/api/index.ts';
import { invalid } from '../../../kubernetes/apimachinery/field-errors.ts';
import { badRequestError, conflictError, invalidError, notFoundError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { cached, type ApiServerState } from '../state.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { accountGroups, type UserInfo } from './user-info.ts';

export const apiAudience = 'https://kubernetes.default.svc.cluster.local';
const group = { group: 'authentication.k8s.io', kind: 'TokenRequest' };
const defaultSeconds = 3600;
const shortestSeconds = 600;
const longestSeconds = 2 ** 32;
/** What a kubelet asks for, and what its short text stands for. */
const kubeletSeconds = 3607;
/** The world begins with 2026. */
const epochSeconds = 1_767_225_600;

interface BoundObject { readonly kind?: string; readonly apiVersion?: string; readonly name?: string; readonly uid?: string }
interface TokenRequest { readonly metadata?: { readonly name?: string; readonly namespace?: string }; readonly spec?: { readonly audiences?: readonly string[] | null; readonly expirationSeconds?: number | null; readonly boundObjectRef?: BoundObject | null } }

/** Models pkg/serviceaccount/claims.go: privateClaims, and the registered claims beside them. */
interface Claims {
  readonly aud: readonly string[]; readonly exp: number; readonly iat: number; readonly iss: string; readonly jti: string; readonly nbf: number; readonly sub: string;
  readonly 'kubernetes.io': { readonly namespace: string; readonly serviceaccount: Ref; readonly pod?: Ref; readonly secret?: Ref; readonly node?: Ref };
}
interface Ref { readonly name: string; readonly uid: string }

const answerOf = ({ metadata: { name, namespace } }: ServiceAccount, spec: TokenRequest['spec'], audiences: readonly string[], seconds: number, nowUs: number, token: string): KubeObject => ({
  apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest',
  metadata: { name, namespace, creationTimestamp: formatTime(nowUs) },
  spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec?.boundObjectRef ?? null },
  status: { token, expirationTimestamp: formatTime(nowUs + seconds * 1_000_000) },
});

/** The short one. */
export function issueShortToken(account: ServiceAccount, body: unknown, nowUs: number): KubeObject {
  const { spec } = (body ?? {}) as TokenRequest;
  const { name, namespace } = account.metadata;
  return answerOf(account, spec, spec?.audiences ?? [apiAudience], spec?.expirationSeconds ?? defaultSeconds, nowUs, `token:${namespace}:${name}:${nowUs}`);
}

/** Checks the request, and answers it with a token whose claims can be read. Models token.go: Create. */
export function issueToken(state: ApiServerState, account: ServiceAccount, body: unknown, nowUs: number, newId: () => string): KubeObject | Status {
  const { metadata, spec } = (body ?? {}) as TokenRequest;
  const { name, namespace = '', uid = '' } = account.metadata;
  if ((metadata?.name ?? '') !== '' && metadata?.name !== name) return badRequestError(`the name of the object (${metadata?.name}) does not match the name on the URL (${name})`);
  if ((metadata?.namespace ?? '') !== '' && metadata?.namespace !== namespace) return badRequestError(`the namespace of the provided object does not match the namespace sent on the request`);
  const seconds = spec?.expirationSeconds ?? defaultSeconds;
  const wrong = seconds < shortestSeconds ? 'may not specify a duration less than 10 minutes' : seconds > longestSeconds ? 'may not specify a duration larger than 2^32 seconds' : undefined;
  if (wrong !== undefined) return invalidError(group, '', [invalid('spec.expirationSeconds', seconds, wrong)]);
  const bound = boundTo(state, account, spec?.boundObjectRef ?? undefined);
  if ('code' in bound) return bound;
  const audiences = spec?.audiences?.length ? spec.audiences : [apiAudience];
  const nowSeconds = epochSeconds + Math.floor(nowUs / 1_000_000);
  const claims: Claims = {
    aud: audiences, exp: nowSeconds + seconds, iat: nowSeconds, iss: apiAudience, jti: newId(),
    'kubernetes.io': { namespace, ...bound, serviceaccount: { name, uid } }, nbf: nowSeconds, sub: `system:serviceaccount:${namespace}:${name}`,
  };
  return answerOf(account, spec, audiences, seconds, nowUs, `${toBase64Url('{"alg":"none","typ":"JWT"}')}.${toBase64Url(JSON.stringify(claims))}.`);
}

/** What the token is bound to. */
function boundTo(state: ApiServerState, account: ServiceAccount, ref: BoundObject | undefined): Pick<Claims['kubernetes.io'], 'pod' | 'secret' | 'node'> | Status {
  if (ref === undefined) return {};
  const { kind = '', name = '', uid = '' } = ref;
  const resource = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[kind];
  if (resource === undefined || (ref.apiVersion ?? 'v1') !== 'v1') return badRequestError(`cannot bind token to object of type ${ref.apiVersion ?? ''}, Kind=${kind}`);
  const object = cached(state, resource, kind === 'Node' ? name : `${account.metadata.namespace}/${name}`);
  if (object === undefined) return notFoundError({ group: '', resource }, name);
  const found = object.metadata.uid ?? '';
  if (uid !== '' && uid !== found) return conflictError({ group: '', resource }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  if (kind === 'Pod' && (object as Pod).spec.serviceAccountName !== account.metadata.name) {
    return badRequestError(`cannot bind token for serviceaccount "${account.metadata.name}" to pod running with different serviceaccount name.`);
  }
  const bound = { name, uid: found };
  if (kind !== 'Pod') return kind === 'Secret' ? { secret: bound } : { node: bound };
  const node = (object as Pod).spec.nodeName ?? '';
  return node === '' ? { pod: bound } : { node: { name: node, uid: cached(state, 'nodes', node)?.metadata.uid ?? '' }, pod: bound };
}

/** Whose token it is, for which audiences; undefined where it is none, has run out or stands for what is gone. Models pkg/serviceaccount/{jwt,claims}.go: AuthenticateToken, Validate. */
export function userOfToken(state: ApiServerState, token: string, nowUs: number, audiences: readonly string[] = [apiAudience]): { readonly user: UserInfo; readonly audiences: readonly string[] } | undefined {
  const claims = token.startsWith('token:') ? shortClaims(state, token) : claimsOf(token);
  const now = epochSeconds + nowUs / 1_000_000;
  if (claims === undefined || claims.iss !== apiAudience || now >= claims.exp || now < claims.nbf) return undefined;
  const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'];
  const is = (resource: string, key: string, ref: Ref | undefined): boolean => ref === undefined || cached(state, resource, key)?.metadata.uid === ref.uid;
  if (!is('serviceaccounts', `${namespace}/${serviceaccount.name}`, serviceaccount) || !is('pods', `${namespace}/${pod?.name}`, pod) || !is('secrets', `${namespace}/${secret?.name}`, secret)) return undefined;
  // Of a Pod's token the node is only told; a token that is bound to a node alone ends with it.
  if (pod === undefined && !is('nodes', node?.name ?? '', node)) return undefined;
  const shared = audiences.filter((one) => claims.aud.includes(one));
  if (shared.length === 0) return undefined;
  const said = {
    'credential-id': [`JTI=${claims.jti}`], ...(node !== undefined && { 'node-name': [node.name], 'node-uid': [node.uid] }), ...(pod !== undefined && { 'pod-name': [pod.name], 'pod-uid': [pod.uid] }),
  };
  const extra = claims.jti === '' ? {} : { extra: Object.fromEntries(Object.entries(said).map(([key, value]) => [`authentication.kubernetes.io/${key}`, value])) };
  return { user: { name: claims.sub, uid: serviceaccount.uid, groups: [...accountGroups(namespace), 'system:authenticated'], ...extra }, audiences: shared };
}

function shortClaims(state: ApiServerState, token: string): Claims | undefined {
  const [, namespace = '', name = '', issuedUs = ''] = token.split(':');
  const account = cached(state, 'serviceaccounts', `${namespace}/${name}`);
  if (account === undefined || !/^\d{1,16}$/.test(issuedUs)) return undefined;
  const nbf = epochSeconds + Number(issuedUs) / 1_000_000;
  return {
    aud: [apiAudience], exp: nbf + kubeletSeconds, iat: nbf, iss: apiAudience, jti: '', 'kubernetes.io': { namespace, serviceaccount: { name, uid: account.metadata.uid ?? '' } }, nbf,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
}

const isRef = (ref: unknown): boolean => typeof ref === 'object' && ref !== null && typeof (ref as Ref).name === 'string' && typeof (ref as Ref).uid === 'string';

function claimsOf(token: string): Claims | undefined {
  const [, payload = '', signature] = token.split('.');
  if (signature !== '') return undefined;
  try {
    const claims = JSON.parse(fromBase64Url(payload)) as Claims;
    const { aud, exp, nbf, jti, sub, 'kubernetes.io': told } = claims;
    const { namespace, serviceaccount, pod, secret, node } = told;
    const right = Array.isArray(aud) && typeof exp === 'number' && typeof nbf === 'number' && typeof jti === 'string' && isRef(serviceaccount) && sub === `system:serviceaccount:${namespace}:${serviceaccount.name}`;
    return right && [pod, secret, node].every((ref) => ref === undefined || isRef(ref)) ? claims : undefined;
  } catch {
    return undefined;
  }
}
