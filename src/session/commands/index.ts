import type { ApiRequest } from '../../kubernetes/protocols/api.ts';

/** What a user can do to the world, each serialisable; one file per command beside this one, listed in registry.ts. */
export type SessionCommand =
  | { readonly type: 'apply-manifest'; readonly text: string; readonly fileName: string }
  | { readonly type: 'delete-manifest'; readonly text: string; readonly fileName: string }
  | { readonly type: 'delete-object'; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string; readonly force?: boolean }
  | { readonly type: 'scale-object'; readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet'; readonly namespace: string; readonly name: string; readonly replicas: number }
  | { readonly type: 'cordon-node'; readonly node: string }
  | { readonly type: 'uncordon-node'; readonly node: string }
  | { readonly type: 'power-off-node'; readonly node: string }
  | { readonly type: 'power-on-node'; readonly node: string }
  | { readonly type: 'partition-node'; readonly node: string }
  /** Every message to it and from it takes so long, and up to half as long again. */
  | { readonly type: 'slow-node'; readonly node: string; readonly delayMs: number }
  | { readonly type: 'heal-node'; readonly node: string }
  | { readonly type: 'stop-component'; readonly address: string }
  | { readonly type: 'start-component'; readonly address: string }
  /** Opens the world to clients from outside of it; once. */
  | { readonly type: 'open-proxy' }
  /** Such a client asks; what comes back carries its id. */
  | { readonly type: 'send-request'; readonly id: string; readonly request: ApiRequest }
  /** Such a client says something to the container it is connected with: `connect.stdin` with its bytes, say. */
  | { readonly type: 'say'; readonly id: string; readonly frame: string; readonly body: unknown }
  /** Such a client ends a watch. */
  | { readonly type: 'hang-up'; readonly id: string };
