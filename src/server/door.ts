/** Who is let in at all, before anything is read: names, origins, sizes, and how many requests at once. */
import type { IncomingMessage } from 'node:http';

/** Longer than any selector that a client makes; Go's server takes a megabyte of headers, Node's 16 KiB. */
export const longestUrl = 8_192;
/** Models genericapiserver's MaxRequestsInFlight and MaxMutatingRequestsInFlight; watches are not counted. */
export const mostRequestsInFlight = 400;

export interface Refused { readonly code: number; readonly reason: string; readonly message: string }

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * A page in the same browser may reach a server on this machine: by its address, or by a name of its own that it has made to point here.
 * Models staging/src/k8s.io/kubectl/pkg/proxy/proxy_server.go: FilterServer.
 */
export function refusedAtTheDoor({ headers, url = '/' }: Pick<IncomingMessage, 'headers' | 'url'>, loopbackOnly: boolean): Refused | undefined {
  const { host = '', origin } = headers;
  if (url.length > longestUrl) return { code: 414, reason: 'RequestURITooLong', message: `the request's address is longer than ${longestUrl} characters` };
  if (loopbackOnly && !loopbackName.test(host)) return { code: 403, reason: 'Forbidden', message: `this server answers to localhost only, not to "${host.slice(0, 100)}"` };
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) return { code: 403, reason: 'Forbidden', message: `pages of ${origin.slice(0, 100)} have no access to this server` };
  return undefined;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
