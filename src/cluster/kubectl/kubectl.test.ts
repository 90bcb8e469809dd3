import { describe, expect, test } from 'vitest';
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { badRequestError, conflictError, forbiddenError, invalidError, invalid, notFoundError, successStatus } from '../../kubernetes/apimachinery/index.ts';
import type { ApiRequest, ApiResponse, DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import { chartProcess } from '../../simulation/process/chart-process.ts';
import type { Effect, Env, EventKind, FailureReason, Snapshot } from '../../simulation/process/process.ts';
import { goJson } from '../../kubernetes/apimachinery/go-json.ts';
import { kubectl, type CommandBodies, type CommandType, type KubectlState } from './kubectl.ts';

const resource = (group: string, kind: string, plural: string, scope: 'Namespaced' | 'Cluster') => ({ resource: plural, responseKind: { group, version: 'v1', kind }, scope, verbs: ['get'] });
const discovery: DiscoveryDocument = {
  apiVersion: 'apidiscovery.k8s.io/v2', kind: 'APIGroupDiscoveryList', metadata: {},
  items: [
    { metadata: { name: '' }, versions: [{ version: 'v1', resources: [resource('', 'Pod', 'pods', 'Namespaced'), resource('', 'Namespace', 'namespaces', 'Cluster'), resource('', 'ConfigMap', 'configmaps', 'Namespaced')] }] },
    { metadata: { name: 'apps' }, versions: [{ version: 'v1', resources: [resource('apps', 'Deployment', 'deployments', 'Namespaced')] }] },
  ],
};
const deployments = { group: 'apps', resource: 'deployments' };

type Reply = ApiResponse | FailureReason;
const ok = (body: unknown, code = 200): Reply => ({ code, body: body as KubeObject });
const no = (status: Status): Reply => ({ code: status.code, body: status });

/** A kubectl whose requests are answered by a function, at once and in order. */
class Prompt {
  readonly asked: ApiRequest[] = [];
  readonly streams: { id: string; request: ApiRequest }[] = [];
  timers: { id: string; name: string; body: unknown; afterUs: number }[] = [];
  private readonly process = chartProcess<KubectlState>(kubectl);
  private snapshot: Snapshot<KubectlState>;
  private readonly reply: (request: ApiRequest) => Reply;
  private nowUs = 0;

  constructor(reply: (request: ApiRequest) => Reply, disk?: unknown) {
    this.reply = (request) => (request.verb === 'discover' ? ok(discovery) : reply(request));
    const env = this.env();
    this.snapshot = this.process.start({ type: 'process.started', kind: 'start', id: '', from: '', env, body: { input: { apiServer: 'control-plane-1/kube-apiserver', user: 'kubernetes-admin' }, disk, incarnation: 0 } }).snapshot;
  }
  private env(): Env { return { nowUs: this.nowUs, self: 'outside/kubectl', eventId: this.nowUs, random: () => 0 }; }
  get state(): KubectlState { return this.snapshot.state; }
  get value() { return this.snapshot.value; }
  lines(): string[] { return this.state.results.map(({ text }) => text); }
  /** `get pods/web` for each request. */
  requests(): string[] { return this.asked.map((one) => `${one.verb} ${one.resource}${one.subresource === undefined ? '' : `/${one.subresource}`}${one.namespace === undefined ? '' : ` ${one.namespace}`}${one.name === undefined ? '' : ` ${one.name}`}`); }

  hear(kind: EventKind, type: string, id: string, body: unknown): void {
    this.nowUs += 1000;
    const { snapshot, effects } = this.process.step(this.snapshot, { type, kind, id, from: '', body, env: this.env() });
    this.snapshot = snapshot;
    for (const effect of effects) this.carryOut(effect);
  }
  private carryOut(effect: Effect): void {
    if (effect.kind === 'open-stream') this.streams.push({ id: effect.id, request: effect.message.body as ApiRequest });
    if (effect.kind === 'set-timer') this.timers.push(effect);
    if (effect.kind !== 'request') return;
    const asked = effect.message.body as ApiRequest;
    this.asked.push(asked);
    const reply = this.reply(asked);
    if (typeof reply === 'string') this.hear('failure', 'request.failed', effect.id, { reason: reply, to: effect.to });
    else this.hear('response', 'api.response', effect.id, reply);
  }
  run<T extends CommandType>(type: T, body: Omit<CommandBodies[T], 'id'>): this {
    this.hear('command', type, '', { id: `${type}-${this.nowUs}`, ...body });
    return this;
  }
  apply(...values: unknown[]): this { return this.run('kubectl.apply', { documents: values.map((value) => ({ value })), fileName: 'web.yaml' }); }
}

const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 3, template: { spec: { containers: [{ name: 'c', image: 'nginx' }] } } } };
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } });
const missing = (request: ApiRequest): Reply => (request.verb === 'get' ? no(notFoundError({ group: request.group, resource: request.resource }, request.name!)) : ok(request.body, 201));

describe('apply', () => {
  test('discovers once, then asks, and creates what is not there', () => {
    const prompt = new Prompt(missing).apply(web, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(prompt.requests()).toEqual(['discover ', 'get deployments default web', 'create deployments default web', 'get namespaces shop', 'create namespaces shop']);
    expect(prompt.lines()).toEqual(['deployment.apps/web created', 'namespace/shop created']);
    expect(prompt.asked[2]!.query).toEqual({ fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict' });
    expect((prompt.asked[2]!.body as KubeObject).metadata.annotations!['kubectl.kubernetes.io/last-applied-configuration']).toBe(
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"annotations":{},"name":"web","namespace":"default"},"spec":{"replicas":3,"template":{"spec":{"containers":[{"image":"nginx","name":"c"}]}}}}\n');
    expect([prompt.apply(configMap('x')).requests().filter((one) => one.startsWith('discover')), prompt.value]).toEqual([['discover '], 'atThePrompt']);
  });

  test('patches what changed, removes what the user no longer writes, and sends nothing where nothing did', () => {
    let stored: KubeObject | undefined;
    const server = (request: ApiRequest): Reply => {
      if (request.verb === 'get') return stored === undefined ? no(notFoundError(deployments, 'web')) : ok(stored);
      if (request.verb === 'create') stored = { ...(request.body as KubeObject), status: { replicas: 3 } };
      return ok(stored);
    };
    const prompt = new Prompt(server).apply(web).apply(web);
    expect(prompt.lines()).toEqual(['deployment.apps/web created', 'deployment.apps/web unchanged']);
    prompt.apply({ ...web, spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx:2' }, { name: 'log', image: 'fluent' }] } } } });
    expect(prompt.lines()[2]).toBe('deployment.apps/web configured');
    const patch = prompt.asked.at(-1)!;
    expect([patch.verb, patch.patchType, patch.query?.fieldManager]).toEqual(['patch', 'application/strategic-merge-patch+json', 'kubectl-client-side-apply']);
    expect(patch.body).toMatchObject({
      spec: { replicas: null, template: { spec: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'log' }], containers: expect.arrayContaining([{ name: 'c', image: 'nginx:2' }, { name: 'log', image: 'fluent' }]) } } },
    });
  });

  test('warns where apply did not make the object', () => {
    const prompt = new Prompt((request) => ok(request.verb === 'get' ? { ...web, metadata: { name: 'web', namespace: 'default' } } : {})).apply(web);
    expect(prompt.lines()[0]).toMatch(/^Warning: resource deployments\/web is missing the kubectl.kubernetes.io\/last-applied-configuration annotation/);
    expect(prompt.lines()[1]).toBe('deployment.apps/web configured');
  });

  const unknownField = 'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.foo"';
  const refusing = (status: Status) => (request: ApiRequest): Reply => (request.verb === 'create' ? no(status) : missing(request));
  const tooFew = invalidError({ group: 'apps', kind: 'Deployment' }, 'web', [invalid('spec.replicas', -1, 'must be greater than or equal to 0')]);
  test.each<[string, (request: ApiRequest) => Reply, unknown[], string[]]>([
    ['an unknown field', refusing(badRequestError(unknownField)), [web], [`Error from server (BadRequest): error when creating "web.yaml": ${unknownField}`]],
    ['an invalid object, alone', refusing(tooFew), [web], ['The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
    ['an invalid object with another error', refusing(tooFew), [web, { apiVersion: 'v1', kind: 'Foo', metadata: { name: 'x' } }], [
      'resource mapping not found for name: "x" namespace: "" from "web.yaml": no matches for kind "Foo" in version "v1"\nensure CRDs are installed first',
      'Error from server (Invalid): error when creating "web.yaml": Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
    ['a kind nobody serves', missing, [{ apiVersion: 'v1', kind: 'Foo', metadata: { name: 'x' } }],
      ['error: resource mapping not found for name: "x" namespace: "" from "web.yaml": no matches for kind "Foo" in version "v1"\nensure CRDs are installed first']],
    ['no kind', missing, [{ apiVersion: 'v1', metadata: { name: 'x' } }],
      ['error: error validating "web.yaml": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false']],
    ['neither kind nor version, after a good document', missing, [configMap('a'), { metadata: { name: 'x' } }, configMap('b')],
      ['configmap/a created', 'error: error validating "web.yaml": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false']],
    ['a text', missing, ['hello'], ['error: error validating "web.yaml": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false']],
    ['no name', missing, [{ apiVersion: 'v1', kind: 'Pod', metadata: {} }],
      ['error: error when retrieving current configuration of:\nResource: "/v1, Resource=pods", GroupVersionKind: "/v1, Kind=Pod"\nName: "", Namespace: "default"\nfrom server for: "web.yaml": resource name may not be empty']],
    ['generateName', missing, [{ apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'web-' } }], ['error: from web-: cannot use generate name with apply']],
    ['a list', missing, [{ apiVersion: 'v1', kind: 'List', items: [configMap('a'), configMap('b')] }], ['configmap/a created', 'configmap/b created']],
    ['an item without a kind', missing, [{ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', metadata: { name: 'x' } }] }],
      [`error: unable to decode "web.yaml": Object 'Kind' is missing in '{"apiVersion":"v1","metadata":{"name":"x"}}'`]],
    ['nothing at all', missing, [], ['error: no objects passed to apply']],
  ])('%s', (_title, server, documents, lines) => {
    const prompt = new Prompt(server).apply(...documents);
    expect(prompt.lines()).toEqual(lines);
    expect(prompt.state.runs.size).toBe(0);
  });

  test('one refused document does not stop the others, and is told at the end', () => {
    const prompt = new Prompt((request) => (request.verb === 'create' && request.resource === 'deployments' ? no(forbiddenError(deployments, 'web', 'no')) : missing(request))).apply(web, configMap('a'));
    expect(prompt.lines()).toEqual(['configmap/a created', 'Error from server (Forbidden): error when creating "web.yaml": deployments.apps "web" is forbidden: no']);
    expect(prompt.state.results.map(({ documentIndex, ok: fine, status }) => [documentIndex, fine, status?.reason])).toEqual([[1, true, undefined], [0, false, 'Forbidden']]);
  });

  test('a real kind that is not served gets a hint beside the words of kubectl', () => {
    const prompt = new Prompt(missing).apply({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: { name: 'x' } });
    expect(prompt.state.results[0]!.hint).toBe('TokenReview (authentication.k8s.io/v1) is a kind of Kubernetes 1.36, but this cluster does not model it yet.');
  });

  test('a conflict is tried again: once at once, then after a second, five times in all', () => {
    const live = { ...web, metadata: { name: 'web', namespace: 'default', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }, spec: {} };
    const prompt = new Prompt((request) => (request.verb === 'get' ? ok(live) : no(conflictError(deployments, 'web')))).apply(web);
    expect(prompt.asked.filter(({ verb }) => verb === 'patch')).toHaveLength(2);
    for (let i = 0; i < 4; i++) {
      const timer = prompt.timers.at(-1)!;
      expect(timer.afterUs).toBe(1_000_000);
      prompt.hear('timer', 'timer.retry', timer.id, timer.body);
    }
    expect(prompt.asked.filter(({ verb }) => verb === 'patch')).toHaveLength(6);
    expect(prompt.lines()).toHaveLength(1);
    expect(prompt.lines()[0]).toMatch(/^Error from server \(Conflict\): error when applying patch:\n\{"metadata".*\}\nto:\nResource: "apps\/v1, Resource=deployments", GroupVersionKind: "apps\/v1, Kind=Deployment"\nName: "web", Namespace: "default"\nfor: "web.yaml": error when patching "web.yaml": Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again$/);
  });

  test.each<[FailureReason, string]>([
    ['connection refused', 'The connection to the server control-plane-1:6443 was refused - did you specify the right host or port?'],
    ['timed out', 'Unable to connect to the server: dial tcp control-plane-1:6443: i/o timeout'],
    ['no route to host', 'Unable to connect to the server: dial tcp control-plane-1:6443: connect: no route to host'],
  ])('nobody answers: %s', (reason, line) => {
    expect(new Prompt(() => reason).apply(web, configMap('a')).lines()).toEqual([line]);
  });

  test('the discovery cache lies on disk', () => {
    const first = new Prompt(missing).apply(web);
    const second = new Prompt(missing, kubectl.survives!(first.state, 'stopped')).apply(web);
    expect(second.requests()[0]).toBe('get deployments default web');
  });
});

describe('delete', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'u1', resourceVersion: '7' } };
  const target = { apiVersion: 'v1', kind: 'Pod', name: 'web' };

  test('says what and where, then watches until it is gone', () => {
    const prompt = new Prompt(() => ok(pod)).run('kubectl.delete', { targets: [target] });
    expect(prompt.asked[1]).toMatchObject({ verb: 'delete', name: 'web', namespace: 'default', body: { propagationPolicy: 'Background' } });
    expect([prompt.lines(), prompt.value]).toEqual([['pod "web" deleted from default namespace'], 'working']);
    expect(prompt.streams[0]!.request).toMatchObject({ verb: 'watch', resource: 'pods', namespace: 'default', query: { fieldSelector: 'metadata.name=web', resourceVersion: '7' } });
    prompt.hear('stream-data', 'watch.modified', prompt.streams[0]!.id, { object: pod });
    expect(prompt.value).toBe('working');
    prompt.hear('stream-data', 'watch.deleted', prompt.streams[0]!.id, { object: pod });
    expect(prompt.value).toBe('atThePrompt');
  });
  test('a watch that breaks is followed by another look; another object of the name counts as gone', () => {
    let uid = 'u1';
    const prompt = new Prompt(() => ok({ ...pod, metadata: { ...pod.metadata, uid } })).run('kubectl.delete', { targets: [target] });
    uid = 'u2';
    prompt.hear('stream-closed', 'stream.closed', prompt.streams[0]!.id, { reason: 'closed', to: '' });
    expect([prompt.value, prompt.requests().at(-1)]).toEqual(['atThePrompt', 'get pods default web']);
  });
  test.each<[string, Partial<CommandBodies['kubectl.delete']>, (request: ApiRequest) => Reply, string[]]>([
    ['gone at once', {}, (request) => (request.verb === 'delete' ? ok(successStatus({ uid: 'u1' })) : no(notFoundError({ group: '', resource: 'pods' }, 'web'))), ['pod "web" deleted from default namespace']],
    ['not there', {}, () => no(notFoundError({ group: '', resource: 'pods' }, 'web')), ['Error from server (NotFound): pods "web" not found']],
    ['not there, by file', { fileName: 'web.yaml' }, () => no(notFoundError({ group: '', resource: 'pods' }, 'web')), ['Error from server (NotFound): error when deleting "web.yaml": pods "web" not found']],
    ['cluster-scoped', { targets: [{ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }], wait: false }, () => ok({}), ['namespace "shop" deleted']],
    ['another group', { targets: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' }], wait: false }, () => ok({}), ['deployment.apps "web" deleted from shop namespace']],
    ['by force', { force: true, wait: false }, () => ok(pod), [
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
      'pod "web" force deleted from default namespace']],
    ['an unknown kind', { targets: [{ apiVersion: 'v1', kind: 'Foo', name: 'x' }] }, () => ok({}), ['error: the server doesn\'t have a resource type "foo"']],
  ])('%s', (_title, body, server, lines) => {
    const prompt = new Prompt(server).run('kubectl.delete', { targets: [target], ...body });
    expect([prompt.lines(), prompt.value]).toEqual([lines, 'atThePrompt']);
  });
  test('a grace period of 0 is 1 without force', () => {
    const prompt = new Prompt(() => ok(pod)).run('kubectl.delete', { targets: [target], gracePeriodSeconds: 0, wait: false });
    expect(prompt.asked[1]!.body).toMatchObject({ gracePeriodSeconds: 1 });
  });
});

describe('scale and cordon', () => {
  test('scale patches the scale subresource', () => {
    const prompt = new Prompt(() => ok(web)).run('kubectl.scale', { targets: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }], replicas: 5 });
    expect(prompt.requests().slice(1)).toEqual(['get deployments default web', 'patch deployments/scale default web']);
    expect([prompt.asked[2]!.body, prompt.lines()]).toEqual([{ spec: { replicas: 5 } }, ['deployment.apps/web scaled']]);
  });
  const node = (unschedulable?: boolean) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, spec: unschedulable === undefined ? {} : { unschedulable } });
  test.each<['kubectl.cordon' | 'kubectl.uncordon', boolean | undefined, string, unknown]>([
    ['kubectl.cordon', undefined, 'node/worker-1 cordoned', { spec: { unschedulable: true } }],
    ['kubectl.cordon', true, 'node/worker-1 already cordoned', undefined],
    ['kubectl.uncordon', true, 'node/worker-1 uncordoned', { spec: { unschedulable: null } }],
    ['kubectl.uncordon', undefined, 'node/worker-1 already uncordoned', undefined],
  ])('%s where unschedulable is %s', (type, was, line, patch) => {
    const prompt = new Prompt(() => ok(node(was))).run(type, { nodes: ['worker-1'] });
    expect([prompt.lines(), prompt.asked.find(({ verb }) => verb === 'patch')?.body, prompt.requests()[0]]).toEqual([[line], patch, 'get nodes worker-1']);
  });
});

test('JSON is written as Go writes it', () => {
  expect(goJson({ b: ['<a>', 1.5, null, true], a: { d: '&', c: 'é"' }, gone: undefined })).toBe('{"a":{"c":"é\\"","d":"\\u0026"},"b":["\\u003ca\\u003e",1.5,null,true]}');
});
test('only the last 200 lines are kept', () => {
  const prompt = new Prompt(missing);
  for (let i = 0; i < 203; i++) prompt.apply(configMap(`c${i}`));
  expect([prompt.state.results.length, prompt.lines()[0], prompt.lines()[199]]).toEqual([200, 'configmap/c3 created', 'configmap/c202 created']);
});
