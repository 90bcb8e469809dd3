/** Who answers for a Service, and what each node's kube-proxy makes of it. */
export interface ServiceQuery { readonly type: 'service'; readonly namespace: string; readonly name: string }
export interface ServiceAnswer {
  readonly type: 'service';
  readonly endpoints: readonly ServiceEndpoint[];
  readonly proxies: readonly NodeRules[];
}
export interface ServiceEndpoint { readonly address: string; readonly pod: string; readonly namespace: string; readonly node: string; readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean }
/** One node's rules for the Service. */
export interface NodeRules {
  readonly node: string;
  readonly running: boolean;
  readonly rules: readonly { readonly port: string; readonly endpoints: readonly string[] }[];
  /** What this node has that no longer is so, and what it lacks, against what the API server has now. */
  readonly stale: readonly string[];
  readonly missing: readonly string[];
}
