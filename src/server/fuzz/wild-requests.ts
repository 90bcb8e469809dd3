/** Requests that nobody in their right mind would send, and some that they would, from a seed. */
export interface WildRequest { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Mulberry32. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const methods = ['GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'LINK'];
const groups = ['api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'apis/apps/v1', 'apis/apps/v1', 'apis/apps/v1', 'apis/batch/v1', 'apis/coordination.k8s.io/v1', 'apis/rbac.authorization.k8s.io/v1', 'apis/authorization.k8s.io/v1', 'api/v2', 'apis/none.example/v1', 'apis', 'api', 'openapi/v3', 'version', 'healthz', '_orrery/time', '_orrery/commands', '__proto__', ''];
const resources = ['pods', 'configmaps', 'pods', 'configmaps', 'pods', 'configmaps', 'deployments', 'services', 'deployments', 'replicasets', 'nodes', 'services', 'namespaces', 'secrets', 'events', 'leases', 'serviceaccounts', 'roles', 'rolebindings', 'subjectaccessreviews', 'selfsubjectaccessreviews', 'nothings', '__proto__', 'constructor', 'toString', '%00', '%', '..', 'é'];
const names = ['a', 'b', 'a', 'b', 'a', 'b', 'default', 'worker-1', 'kubernetes', '__proto__', 'constructor', 'A', '%2e%2e', '%E0%A4%A', 'x'.repeat(300), '-', '1', ' ', '%20'];
const subresources = ['status', 'scale', 'log', 'binding', 'eviction', 'exec', 'token', 'finalize', 'proxy', '__proto__', 'none'];
const parameters = ['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'fieldManager', 'fieldValidation', 'dryRun', 'timeoutSeconds', 'tailLines', 'sinceTime', 'force', '__proto__', 'propagationPolicy', 'gracePeriodSeconds'];
const values = ['', 'a', 'a=b', 'a in (', 'a in (b,c)', '!a', 'metadata.name=a', 'spec.nodeName!=x', 'x'.repeat(70), '0', '-1', '1', '99999999999999999999', 'NaN', 'Exact', 'NotOlderThan', 'All', 'Strict', 'true', '__proto__', '%00', 'eyJ2IjoxfQ', '2026-01-01T00:00:00Z', '=', ',,', 'a==b,c!=d'];
const types = ['application/json', 'application/json', 'application/json', 'application/json', 'application/yaml', 'application/merge-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/json-patch+json', 'application/apply-patch+yaml', 'application/vnd.kubernetes.protobuf', 'text/plain', '', 'application/json; charset=utf-16'];
const accepts = ['application/json', 'application/json', 'application/json', 'application/json', 'application/json', '*/*', 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'application/vnd.kubernetes.protobuf', '*/*', 'text/html', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', ''];
/** Mostly nobody says who they are: others are refused before anything looks at what they want. */
const askers: readonly Readonly<Record<string, string>>[] = [{}, {}, {}, {}, {}, {}, {}, {}, {}, { 'impersonate-user': 'jane' }, { 'impersonate-user': 'system:serviceaccount:a:b', 'impersonate-extra-%': '1' }, { authorization: 'Bearer a.e30.' }, { 'impersonate-user': '__proto__', 'impersonate-group': 'system:masters' }];
const texts = ['{', '[]', 'null', '""', '0', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', 'a: &a [*a]', `${'['.repeat(2_000)}${']'.repeat(2_000)}`, 'k8s\0\n', '\u0000', 'a: !!js/function x', '{"metadata":null}', '{"apiVersion":"v1","kind":"Status"}'];
const kinds = [['pods', 'Pod'], ['configmaps', 'ConfigMap'], ['deployments', 'Deployment'], ['services', 'Service'], ['secrets', 'Secret'], ['namespaces', 'Namespace'], ['roles', 'Role'], ['rolebindings', 'RoleBinding'], ['subjectaccessreviews', 'SubjectAccessReview']] as const;
const fields = ['metadata', 'spec', 'status', 'data', 'name', 'namespace', 'labels', 'annotations', 'replicas', 'selector', 'matchLabels', 'template', 'containers', 'image', 'finalizers', 'ownerReferences', 'generateName', 'resourceVersion', 'uid', 'deletionTimestamp', '__proto__', 'constructor', 'nodeName', 'ports', 'env', 'resources', 'requests', 'cpu', 'type', '$patch', '$retainKeys', 'conditions', 'rules', 'verbs', 'apiGroups', 'roleRef', 'subjects', 'resourceAttributes', 'user', 'groups'];
const leaves: readonly unknown[] = [null, true, 0, -1, 1e21, 0.5, '', 'a', 'b', '100m', '9'.repeat(50), '__proto__', 'replace', 'delete', [], {}];

export class WildRequests {
  private readonly roll: () => number;
  constructor(seed: number) { this.roll = dice(seed); }

  next(): WildRequest {
    const { roll } = this;
    const resource = this.one(resources);
    const asks = this.one(askers);
    const parts = [roll() < 0.5 && resource === 'deployments' ? 'apis/apps/v1' : this.one(groups)];
    if (roll() < 0.8) parts.push('namespaces', this.one(roll() < 0.8 ? ['default'] : names));
    if (roll() < 0.9) parts.push(resource);
    if (roll() < 0.5) parts.push(this.one(names));
    if (roll() < 0.15) parts.push(this.one(subresources));
    const query = Array.from({ length: Math.floor(roll() * 4) }, () => `${this.one(parameters)}=${roll() < 0.8 ? encodeURIComponent(this.one(values)) : this.one(values).replace(/[^ -~]| /g, '')}`).join('&');
    const method = this.one(methods);
    const type = this.one(types);
    const carries = method !== 'GET' && method !== 'HEAD' && method !== 'TRACE';
    return {
      method, path: `/${parts.join('/').replace(/ |é/g, '%C3%A9')}${query === '' ? '' : `?${query}`}`,
      headers: { accept: this.one(accepts), ...asks, ...(type === '' ? {} : { 'content-type': type }) }, body: carries ? this.body(type, parts) : '',
    };
  }

  private one<T>(of: readonly T[]): T { return of[Math.floor(this.roll() * of.length)]!; }

  /** Mostly of the kind that the path speaks of: others are refused before anything looks at them. */
  private body(type: string, parts: readonly string[]): string {
    const { roll } = this;
    if (roll() < 0.15) return this.one(texts);
    if (type === 'application/json-patch+json') {
      return JSON.stringify(Array.from({ length: Math.ceil(roll() * 3) }, () => ({ op: this.one(['add', 'remove', 'replace', 'test', 'move', 'copy', 'none']), path: `/${this.one(fields)}/${this.one([...fields, '-', '0', '~1', ''])}`, from: `/${this.one(fields)}`, value: this.value(2) })));
    }
    const meant = roll() < 0.7 ? kinds.find(([resource]) => parts.includes(resource))?.[1] : undefined;
    const kind = meant ?? this.one(['Pod', 'ConfigMap', 'Deployment', 'Service', 'Namespace', 'Secret', 'DeleteOptions', 'Scale', 'Eviction', '__proto__']);
    const apiVersion = kind === 'Deployment' ? 'apps/v1' : kind === 'Scale' ? 'autoscaling/v1' : kind === 'Eviction' ? 'policy/v1' : kind.startsWith('Role') ? 'rbac.authorization.k8s.io/v1' : kind === 'SubjectAccessReview' ? 'authorization.k8s.io/v1' : 'v1';
    const wild = Object.fromEntries(Array.from({ length: Math.floor(roll() * 4) }, () => [this.one(fields), this.value(4)]));
    const good = kind === 'Pod' ? { spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } } : kind === 'ConfigMap' ? { data: { a: 'b' } } : {};
    // JSON.parse keeps `__proto__` as a name of its own, which a literal does not.
    return `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)},"metadata":${JSON.stringify({ name: this.one(names) })}${Object.entries({ ...good, ...wild }).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`).join('')}${roll() < 0.1 ? ',"__proto__":{"polluted":true}' : ''}}`;
  }

  private value(depth: number): unknown {
    if (depth === 0 || this.roll() < 0.4) return this.one(leaves);
    if (this.roll() < 0.3) return Array.from({ length: Math.floor(this.roll() * 3) }, () => this.value(depth - 1));
    return Object.fromEntries(Array.from({ length: Math.floor(this.roll() * 4) }, () => [this.one(fields), this.value(depth - 1)]));
  }
}
