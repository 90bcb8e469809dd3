/**
 * HTTP that is carried to whoever listens on an address of a node: a container, or (port 10250) the kubelet. `http.Request` is the connection and what
 * is asked on it, with what the network has made of its address: the node; `http.Response` is the answer, or how the connection ended. Bodies are bytes, one character each.
 */
export interface HttpAsked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}
export interface HttpRequest extends HttpAsked {
  /** The Pod's address at which the connection ends; '' where that is the node's own. */
  readonly ip: string;
  readonly port: number;
  readonly tls: boolean;
  /** Where it comes from. */
  readonly from: string;
}

export interface HttpAnswer { readonly code: number; readonly headers: readonly (readonly [string, string])[]; readonly body: string }
export type HttpResponse = HttpAnswer | { readonly broken: 'connection refused' | 'no route to host' | 'no TLS' };
