/** What the webhook of Kubernetes' own test image answers, by path: facts of test/images/agnhost/webhook (`agnhost webhook`). */
import type { KubeObject, Pod, StringMap } from '../../api/index.ts';
import { encodeBase64 } from '../../api/defaults/index.ts';
import type { AdmissionResponse } from './webhook.ts';

interface Request {
  readonly uid: string; readonly operation: string; readonly name?: string; readonly subResource?: string;
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly object: unknown; readonly oldObject: unknown;
}
/** `nothing`: the handler breaks down, and the connection with it. `never`: it waits for ever. */
type Answer = AdmissionResponse | 'nothing' | 'never';
type Handler = (request: Request, sidecarImage: string) => Answer;

const allowed: AdmissionResponse = { allowed: true };
const denied = (status: NonNullable<AdmissionResponse['status']>): AdmissionResponse => ({ allowed: false, status: { metadata: {}, ...status } });
const patch = (...operations: readonly object[]): AdmissionResponse => ({ allowed: true, patch: encodeBase64(JSON.stringify(operations)), patchType: 'JSONPatch' });
const isOf = ({ resource: { group, version, resource } }: Request, wanted: string): boolean => group === '' && version === 'v1' && resource === wanted;
const gvr = ({ resource: { group, version, resource } }: Request): string => `${group}/${version}, Resource=${resource}`;
const labelsOf = (object: unknown): StringMap => (object as KubeObject | null)?.metadata?.labels ?? {};
const dataOf = (object: unknown): StringMap => (object as { readonly data?: StringMap } | null)?.data ?? {};

function addLabel({ object }: Request): Answer {
  const labels = labelsOf(object);
  if (Object.keys(labels).length === 0) return patch({ op: 'add', path: '/metadata/labels', value: { 'added-label': 'yes' } });
  if (labels['added-label'] === 'yes') return allowed;
  return patch({ op: labels['added-label'] === undefined ? 'add' : 'replace', path: '/metadata/labels/added-label', value: 'yes' });
}

function admitPods(request: Request): Answer {
  if (!isOf(request, 'pods')) return denied({ message: 'expect resource to be /v1, Resource=pods' });
  const pod = request.object as Pod;
  const mark = labelsOf(pod)['webhook-e2e-test'];
  if (mark === 'wait-forever') return 'never';
  const words = [...(mark === 'webhook-disallow' ? ['the pod contains unwanted label;'] : []), ...pod.spec.containers.filter(({ name }) => name.includes('webhook-disallow')).map(() => 'the pod contains unwanted container name;')];
  return words.length === 0 ? allowed : denied({ message: words.join(' ') });
}

function admitAttach(request: Request): Answer {
  if (request.name !== 'to-be-attached-pod') return allowed;
  if (!isOf(request, 'pods')) return denied({ message: `expect resource to be /v1, Resource=pods, got ${gvr(request)}` });
  if (request.subResource !== 'attach') return denied({ message: `expect subresource to be attach, got ${request.subResource ?? ''}` });
  const { stdin, container } = request.object as { readonly stdin?: boolean; readonly container?: string };
  return stdin !== true || container !== 'container1' ? allowed : denied({ message: "attaching to pod 'to-be-attached-pod' is not allowed" });
}

const hasContainer = (containers: Pod['spec']['initContainers'], name: string): boolean => (containers ?? []).some((one) => one.name === name);

function mutatePods(request: Request): Answer {
  if (!isOf(request, 'pods')) return 'nothing';
  const { metadata, spec } = request.object as Pod;
  if (metadata.name !== 'webhook-to-be-mutated' || hasContainer(spec.initContainers, 'webhook-added-init-container')) return allowed;
  return patch({ op: 'add', path: '/spec/initContainers', value: [{ image: 'webhook-added-image', name: 'webhook-added-init-container', resources: {} }] });
}

function addSidecar(request: Request, sidecarImage: string): Answer {
  if (sidecarImage === '') return denied({ status: 'Failure', message: 'No image specified by the sidecar-image parameter', code: 500 });
  if (!isOf(request, 'pods')) return 'nothing';
  return hasContainer((request.object as Pod).spec.containers, 'webhook-added-sidecar') ? allowed
    : patch({ op: 'add', path: '/spec/containers/-', value: { image: sidecarImage, name: 'webhook-added-sidecar', resources: {} } });
}

/** Refuses marked data: `what` is what it calls the object. */
function judgeData({ operation, object, oldObject }: Request, what: string, unwanted: string): Answer {
  const mark = dataOf(operation === 'DELETE' ? oldObject : object)['webhook-e2e-test'];
  if (mark === 'webhook-disallow' && (operation === 'CREATE' || operation === 'UPDATE')) return denied({ reason: `the ${what} contains unwanted ${unwanted}` as never });
  return mark === 'webhook-nondeletable' && operation === 'DELETE' ? denied({ reason: `the ${what} cannot be deleted because it contains unwanted key and value` as never }) : allowed;
}

function mutateData({ object }: Request): Answer {
  const data = dataOf(object);
  const stage = data['mutation-stage-1'] === 'yes' ? 2 : data['mutation-start'] === 'yes' ? 1 : 0;
  return stage === 0 ? allowed : patch({ op: 'add', path: `/data/mutation-stage-${stage}`, value: 'yes' });
}

function admitDefinition(request: Request): Answer {
  const { group, version, resource } = request.resource;
  if (group !== 'apiextensions.k8s.io' || !['v1', 'v1beta1'].includes(version) || resource !== 'customresourcedefinitions') {
    return denied({ message: `expect resource to be one of [apiextensions.k8s.io/v1beta1, Resource=customresourcedefinitions, apiextensions.k8s.io/v1, Resource=customresourcedefinitions] but got ${gvr(request)}` });
  }
  return labelsOf(request.object)['webhook-e2e-test'] === 'webhook-disallow' ? denied({ message: 'the crd contains unwanted label' }) : allowed;
}

const handlers: { readonly [path: string]: Handler | undefined } = {
  '/always-allow-delay-5s': () => allowed,
  '/always-deny': () => denied({ message: 'this webhook denies all requests' }),
  '/add-label': addLabel,
  '/pods': admitPods,
  '/pods/attach': admitAttach,
  '/mutating-pods': mutatePods,
  '/mutating-pods-sidecar': addSidecar,
  '/configmaps': (request) => (isOf(request, 'configmaps') ? judgeData(request, 'configmap', 'key and value') : 'nothing'),
  '/mutating-configmaps': (request) => (isOf(request, 'configmaps') ? mutateData(request) : 'nothing'),
  '/custom-resource': (request) => judgeData(request, 'custom resource', 'data'),
  '/mutating-custom-resource': mutateData,
  '/crd': admitDefinition,
};

const delaysUs: { readonly [path: string]: number | undefined } = { '/always-allow-delay-5s': 5_000_000 };

/** The answer to a review posted to a path. */
export function answerOfAgnhost(path: string, review: unknown, sidecarImage: string): { readonly code: number; readonly body: unknown; readonly afterUs: number } | 'nothing' | 'never' {
  const handler = handlers[path];
  if (handler === undefined) return { code: 404, body: '404 page not found\n', afterUs: 0 };
  const { apiVersion, kind, request } = review as { readonly apiVersion: string; readonly kind: string; readonly request: Request };
  const answer = handler(request, sidecarImage);
  return typeof answer === 'string' ? answer : { code: 200, body: { kind, apiVersion, response: { uid: request.uid, ...answer } }, afterUs: delaysUs[path] ?? 0 };
}
