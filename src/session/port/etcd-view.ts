/** What etcd keeps. With `open`, that key's newest value comes along. */
export interface EtcdQuery { readonly type: 'etcd'; readonly address: string; readonly open?: string }
export interface EtcdAnswer {
  readonly type: 'etcd';
  readonly revision: number;
  readonly compactedRevision: number;
  readonly members: readonly { readonly address: string; readonly role: string; readonly running: boolean }[];
  readonly keys: readonly EtcdKey[];
  readonly watchers: readonly { readonly by: string; readonly from: string; readonly to: string; readonly startRevision: number }[];
  readonly leases: readonly { readonly id: number; readonly ttlSeconds: number; readonly keys: number }[];
  readonly open?: { readonly key: string; readonly value: unknown };
}
export interface EtcdKey { readonly key: string; readonly createRevision: number; readonly modRevision: number; readonly version: number; readonly lease: number }
