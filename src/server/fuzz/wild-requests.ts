/** Requests that nobody in their right mind would send, and some that they would, from a seed. */
import { soundParts, soundThings, type Sound } from './sound-things.ts';

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
const saneMethods = ['GET', 'GET', 'POST', 'POST', 'POST', 'POST', 'PUT', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'PATCH', 'DELETE'];
const patchTypes = ['application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/json-patch+json', 'application/apply-patch+yaml'];
const groups = ['api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'api/v1', 'apis/apps/v1', 'apis/apps/v1', 'apis/apps/v1', 'apis/batch/v1', 'apis/coordination.k8s.io/v1', 'apis/rbac.authorization.k8s.io/v1', 'apis/authorization.k8s.io/v1', 'apis/autoscaling/v2', 'apis/policy/v1', 'apis/storage.k8s.io/v1', 'apis/networking.k8s.io/v1', 'apis/admissionregistration.k8s.io/v1', 'apis/apiextensions.k8s.io/v1', 'apis/apiregistration.k8s.io/v1', 'api/v2', 'apis/none.example/v1', 'apis', 'api', 'openapi/v3', 'version', 'healthz', '_orrery/time', '_orrery/commands', '__proto__', ''];
const resources = ['pods', 'configmaps', 'pods', 'configmaps', 'pods', 'configmaps', 'deployments', 'services', 'deployments', 'replicasets', 'nodes', 'services', 'namespaces', 'secrets', 'events', 'leases', 'serviceaccounts', 'roles', 'rolebindings', 'subjectaccessreviews', 'selfsubjectaccessreviews', 'nothings', '__proto__', 'constructor', 'toString', '%00', '%', '..', 'é'];
const names = ['a', 'b', 'a', 'b', 'a', 'b', 'default', 'worker-1', 'kubernetes', '__proto__', 'constructor', 'A', '%2e%2e', '%E0%A4%A', 'x'.repeat(300), '-', '1', ' ', '%20'];
const subresources = ['status', 'scale', 'log', 'binding', 'eviction', 'exec', 'token', 'finalize', 'proxy', '__proto__', 'none', 'ephemeralcontainers', 'resize', 'attach', 'portforward', 'approval', 'proxy/healthz', 'proxy/../x%2f'];
/** What has doors of its own: resource and group, and what lies behind its names. `running` is there from the beginning. */
const doors: readonly (readonly [group: string, resource: string, names: readonly string[], behind: readonly string[]])[] = [
  ['api/v1', 'pods', ['running', 'running:80', 'http:running:80', 'https:running:1', 'a', ':'], ['proxy', 'proxy/', 'proxy/a?b=c', 'log', 'ephemeralcontainers', 'resize', 'eviction', 'binding', 'status', 'attach', 'exec', 'portforward']],
  ['api/v1', 'services', ['running', 'running:80', 'running:none', 'kubernetes', 'https:running:80', 'a'], ['proxy', 'proxy/', 'proxy/%2e%2e/x', 'status']],
  ['api/v1', 'nodes', ['worker-1', 'worker-1:10250', 'none'], ['proxy', 'proxy/healthz', 'proxy/logs/', 'proxy/pods', 'status']],
  ['apis/apps/v1', 'deployments', ['a', 'running'], ['scale', 'status']], ['apis/apps/v1', 'statefulsets', ['running', 'a'], ['scale', 'status', '']], ['apis/apps/v1', 'daemonsets', ['a'], ['status', '']],
  ['apis/batch/v1', 'jobs', ['a', 'running'], ['status', '']], ['apis/batch/v1', 'cronjobs', ['a'], ['status', '']], ['apis/autoscaling/v2', 'horizontalpodautoscalers', ['a'], ['status', '']], ['apis/policy/v1', 'poddisruptionbudgets', ['a'], ['status', '']],
  ['api/v1', 'persistentvolumeclaims', ['a'], ['status', '']], ['api/v1', 'persistentvolumes', ['a'], ['status', '']], ['apis/storage.k8s.io/v1', 'storageclasses', ['a'], ['']],
  ['apis/networking.k8s.io/v1', 'ingresses', ['a'], ['status', '']], ['apis/admissionregistration.k8s.io/v1', 'validatingadmissionpolicies', ['a'], ['status', '']], ['apis/certificates.k8s.io/v1', 'certificatesigningrequests', ['a'], ['approval', 'status', '']],
  ['apis/wild.example/v1', 'beasts', ['a', 'running'], ['scale', 'status', '']], ['apis/wild.example/v2', 'beasts', ['a', 'running'], ['']], ['apis/elsewhere.example/v1', 'things', ['a'], ['', 'status', 'proxy']],
  ['apis/apiextensions.k8s.io/v1', 'customresourcedefinitions', ['beasts.wild.example', 'as.a.a'], ['status', '']], ['apis/apiregistration.k8s.io/v1', 'apiservices', ['v1.elsewhere.example', 'v1.a'], ['status', '']],
];
const bare = new Set(['nodes', 'persistentvolumes', 'storageclasses', 'validatingadmissionpolicies', 'certificatesigningrequests', 'customresourcedefinitions', 'apiservices']);
const parameters = ['watch', 'follow', 'container', 'previous', 'path', 'command', 'stdin', 'ports', 'labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'fieldManager', 'fieldValidation', 'dryRun', 'timeoutSeconds', 'tailLines', 'sinceTime', 'force', '__proto__', 'propagationPolicy', 'gracePeriodSeconds'];
const values = ['spec.size=1', 'spec.size!=1,metadata.namespace=default', 'status.phase=Running', '', 'a', 'a=b', 'a in (', 'a in (b,c)', '!a', 'metadata.name=a', 'spec.nodeName!=x', 'x'.repeat(70), '0', '-1', '1', '99999999999999999999', 'NaN', 'Exact', 'NotOlderThan', 'All', 'Strict', 'true', '__proto__', '%00', 'eyJ2IjoxfQ', '2026-01-01T00:00:00Z', '=', ',,', 'a==b,c!=d'];
const types = ['application/json', 'application/json', 'application/json', 'application/json', 'application/yaml', 'application/merge-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/json-patch+json', 'application/apply-patch+yaml', 'application/vnd.kubernetes.protobuf', 'text/plain', '', 'application/json; charset=utf-16'];
const accepts = ['application/json', 'application/json', 'application/json', 'application/json', 'application/json', '*/*', 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'application/vnd.kubernetes.protobuf', '*/*', 'text/html', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', ''];
/** Mostly nobody says who they are: others are refused before anything looks at what they want. */
const askers: readonly Readonly<Record<string, string>>[] = [{}, {}, {}, {}, {}, {}, {}, {}, {}, { 'impersonate-user': 'jane' }, { 'impersonate-user': 'system:serviceaccount:a:b', 'impersonate-extra-%': '1' }, { authorization: 'Bearer a.e30.' }, { 'impersonate-user': '__proto__', 'impersonate-group': 'system:masters' }];
const texts = ['{', '[]', 'null', '""', '0', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', 'a: &a [*a]', `${'['.repeat(2_000)}${']'.repeat(2_000)}`, 'k8s\0\n', '\u0000', 'a: !!js/function x', '{"metadata":null}', '{"apiVersion":"v1","kind":"Status"}'];
const fields = ['metadata', 'spec', 'status', 'data', 'name', 'namespace', 'labels', 'annotations', 'replicas', 'selector', 'matchLabels', 'template', 'containers', 'image', 'finalizers', 'ownerReferences', 'generateName', 'resourceVersion', 'uid', 'deletionTimestamp', '__proto__', 'constructor', 'nodeName', 'ports', 'env', 'resources', 'requests', 'cpu', 'type', '$patch', '$retainKeys', 'conditions', 'rules', 'verbs', 'apiGroups', 'roleRef', 'subjects', 'resourceAttributes', 'user', 'groups'];
const leaves: readonly unknown[] = [null, true, 0, -1, 1e21, 0.5, '', 'a', 'b', '100m', '9'.repeat(50), '*', '/', '50%', '1Gi', 'object.x', '__proto__', 'replace', 'delete', [], {}];

export class WildRequests {
  private readonly roll: () => number;
  constructor(seed: number) { this.roll = dice(seed); }

  next(): WildRequest {
    const { roll } = this;
    const resource = this.one(resources);
    const sane = roll() < 0.5;
    const asks = sane && roll() < 0.9 ? {} : this.one(askers);
    const method = this.one(sane ? saneMethods : methods);
    const parts = sane ? this.door(method) : [roll() < 0.5 && resource === 'deployments' ? 'apis/apps/v1' : this.one(groups)];
    if (parts.length === 1) {
      if (roll() < 0.8) parts.push('namespaces', this.one(roll() < 0.8 ? ['default'] : names));
      if (roll() < 0.9) parts.push(resource);
      if (roll() < 0.5) parts.push(this.one(names));
      if (roll() < 0.15) parts.push(this.one(subresources));
    }
    const query = Array.from({ length: Math.floor(roll() * (sane ? 2 : 4)) }, () => `${this.one(parameters)}=${roll() < 0.8 ? encodeURIComponent(this.one(values)) : this.one(values).replace(/[^ -~]| /g, '')}`).join('&');
    const type = !sane || roll() < 0.1 ? this.one(types) : method === 'PATCH' ? this.one(patchTypes) : 'application/json';
    const carries = method !== 'GET' && method !== 'HEAD' && method !== 'TRACE';
    return {
      method, path: `/${parts.join('/').replace(/ |é/g, '%C3%A9')}${query === '' ? '' : `?${query}`}`,
      headers: { accept: this.one(accepts), ...asks, ...(type === '' ? {} : { 'content-type': type }) }, body: carries ? this.body(type, parts) : '',
    };
  }

  private door(method: string): string[] {
    const [group, resource, named, behind] = this.one(doors);
    const parts = [group, ...(bare.has(resource) ? [] : ['namespaces', 'default']), resource];
    const door = this.roll() < 0.5 ? this.one(behind) : '';
    if (door !== '' || this.roll() < (method === 'POST' ? 0.1 : 0.9)) parts.push(this.one(this.roll() < 0.3 ? names : named));
    return door === '' ? parts : [...parts, door];
  }

  private one<T>(of: readonly T[]): T { return of[Math.floor(this.roll() * of.length)]!; }

  /** Mostly of the kind that the path speaks of: others are refused before anything looks at them. */
  private body(type: string, parts: readonly string[]): string {
    const { roll } = this;
    if (roll() < 0.1) return this.one(texts);
    if (type === 'application/json-patch+json') {
      return JSON.stringify(Array.from({ length: Math.ceil(roll() * 3) }, () => ({ op: this.one(['add', 'remove', 'replace', 'test', 'move', 'copy', 'none']), path: `/${this.one(fields)}/${this.one([...fields, '-', '0', '~1', ''])}`, from: `/${this.one(fields)}`, value: this.value(2) })));
    }
    const part = Object.hasOwn(soundParts, parts.at(-1)!) && roll() < 0.8 ? soundParts[parts.at(-1)!]! : undefined;
    const meant = roll() < 0.8 ? soundThings.find(([resource]) => parts.includes(resource)) : undefined;
    const [, apiVersion, kind, sound] = part !== undefined ? ['', ...part] as const : meant ?? this.one<Sound>([...soundThings, ['', 'v1', 'DeleteOptions', {}], ['', 'v1', '__proto__', {}]]);
    const wild = Object.fromEntries(Array.from({ length: roll() < 0.5 ? 0 : Math.floor(roll() * 4) }, () => [this.one(fields), this.value(4)]));
    const good = { ...roll() < 0.5 ? sound : this.bent(sound) as object, ...wild };
    const name = kind === 'CustomResourceDefinition' ? 'beasts.wild.example' : parts.length >= 5 && roll() < 0.7 ? parts[4] : this.one(names);
    // JSON.parse keeps `__proto__` as a name of its own, which a literal does not.
    return `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)},"metadata":${JSON.stringify({ name })}${Object.entries(good).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`).join('')}${roll() < 0.1 ? ',"__proto__":{"polluted":true}' : ''}}`;
  }

  /** With one thing in it, at any depth, exchanged, taken away or doubled. */
  private bent(sound: unknown): unknown {
    const { roll } = this;
    if (typeof sound !== 'object' || sound === null || roll() < 0.15) return this.value(3);
    if (Array.isArray(sound)) {
      const at = Math.floor(roll() * sound.length);
      if (roll() < 0.1) return [...sound, ...sound];
      return sound.map((each, index) => (index === at ? this.bent(each) : each));
    }
    const keys = Object.keys(sound);
    const bending = keys.length === 0 ? this.one(fields) : this.one(keys);
    if (roll() < 0.1) return Object.fromEntries(Object.entries(sound).filter(([key]) => key !== bending));
    return Object.fromEntries([...Object.entries(sound).filter(([key]) => key !== bending), [roll() < 0.1 ? this.one(fields) : bending, this.bent((sound as Record<string, unknown>)[bending])]]);
  }

  private value(depth: number): unknown {
    if (depth === 0 || this.roll() < 0.4) return this.one(leaves);
    if (this.roll() < 0.3) return Array.from({ length: Math.floor(this.roll() * 3) }, () => this.value(depth - 1));
    return Object.fromEntries(Array.from({ length: Math.floor(this.roll() * 4) }, () => [this.one(fields), this.value(depth - 1)]));
  }
}
