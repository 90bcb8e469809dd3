/** What a client says of who it is. Models staging/src/k8s.io/apiserver/pkg/authentication/request/bearertoken and pkg/endpoints/filters/impersonation.go. */
import type { IncomingMessage } from 'node:http';
import type { ApiRequest } from '../kubernetes/protocols/api.ts';

export type Asker = Pick<ApiRequest, 'user' | 'credentials'>;

/** Who says nothing is the administrator, as a kubeconfig of kubeadm makes one; or, where the server is told so, nobody. */
export function askerOf({ headers, headersDistinct }: Pick<IncomingMessage, 'headers' | 'headersDistinct'>, anonymous: boolean): Asker {
  const token = /^bearer +(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
  const impersonate = impersonation(headersDistinct);
  const user = anonymous ? 'system:anonymous' : 'kubernetes-admin';
  if (token === undefined && impersonate === undefined && !anonymous) return { user };
  return { user, credentials: { ...(token === undefined ? {} : { token }), ...(impersonate === undefined ? {} : { impersonate }) } };
}

const extraPrefix = 'impersonate-extra-';

function impersonation(headers: IncomingMessage['headersDistinct']): NonNullable<ApiRequest['credentials']>['impersonate'] {
  const first = (name: string): string => headers[name]?.[0] ?? '';
  const extra: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, values] of Object.entries(headers)) if (name.startsWith(extraPrefix) && values !== undefined) extra[decoded(name.slice(extraPrefix.length))] = values;
  const [user, uid, groups] = [first('impersonate-user'), first('impersonate-uid'), headers['impersonate-group'] ?? []];
  return user === '' && uid === '' && groups.length === 0 && Object.keys(extra).length === 0 ? undefined : { user, uid, groups, extra: { ...extra } };
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
