/** The habits of kinds that only manifests bring, as data. Models the strategy.go of each kind in pkg/registry. */
import type { KubeObject, ResourceInfo, StringMap } from '../../../kubernetes/api/index.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import type { Inflight } from '../state.ts';
import { countGeneration, keepStatus, withMetadata, type Strategy } from './strategy.ts';

type Fields = { readonly [field: string]: unknown };

/** The kinds that count generations, and the fields whose change is counted. */
const counted: { readonly [kind: string]: readonly string[] | undefined } = {
  ...Object.fromEntries([
    'ReplicationController', 'DaemonSet', 'StatefulSet', 'CronJob', 'Job', 'Ingress', 'IngressClass', 'NetworkPolicy', 'PodDisruptionBudget', 'FlowSchema', 'PriorityLevelConfiguration',
    'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding', 'DeviceClass', 'ResourceSlice',
  ].map((kind) => [kind, ['spec']])),
  MutatingWebhookConfiguration: ['webhooks'], ValidatingWebhookConfiguration: ['webhooks'], PodTemplate: ['template'],
};

/** What a new object's status is: fields that Go always writes. */
const firstStatus: { readonly [kind: string]: object | undefined } = {
  PersistentVolume: { phase: 'Pending' }, PersistentVolumeClaim: { phase: 'Pending' }, ReplicationController: { replicas: 0 }, StatefulSet: { availableReplicas: 0, replicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 }, HorizontalPodAutoscaler: { currentMetrics: null, desiredReplicas: 0 },
  Ingress: { loadBalancer: {} }, PodDisruptionBudget: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }, VolumeAttachment: { attached: false },
};

/** Models pkg/registry/batch/job/strategy.go: generateSelector, so that no two Jobs own the same Pods; and reading back, which gives a Job without labels those of its Pods. */
function generatedSelector(job: KubeObject): KubeObject {
  const spec = (job.spec ?? {}) as { readonly manualSelector?: boolean; readonly selector?: Fields; readonly template?: { readonly metadata?: { readonly labels?: Fields } } };
  if (spec.manualSelector === true) return job;
  const { uid, name } = job.metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name, ...spec.template?.metadata?.labels,
  };
  const unlabelled = Object.keys(job.metadata.labels ?? {}).length === 0;
  return {
    ...(unlabelled ? withMetadata(job, { labels: labels as StringMap }) : job),
    spec: {
      ...spec, selector: { ...spec.selector, matchLabels: { 'batch.kubernetes.io/controller-uid': uid, ...(spec.selector?.['matchLabels'] as object | undefined) } },
      template: { ...spec.template, metadata: { ...spec.template?.metadata, labels } },
    },
  } as KubeObject;
}

/** What this server answers for itself is there at once. Models kube-aggregator/pkg/registry/apiservice/strategy.go. */
function availableLocally(service: KubeObject, { receivedAtUs }: Inflight): KubeObject {
  if ((service.spec as { readonly service?: object } | undefined)?.service !== undefined) return service;
  return { ...service, status: { conditions: [{ lastTransitionTime: formatTime(receivedAtUs), message: 'Local APIServices are always available', reason: 'Local', status: 'True', type: 'Available' }] } };
}

/** The one that the server makes of its own configuration is ready. Models pkg/controlplane/controller/defaultservicecidr: syncStatus. */
function readyByDefault(cidr: KubeObject, { id, receivedAtUs }: Inflight): KubeObject {
  if (id !== '') return cidr;
  return { ...cidr, status: { conditions: [{ lastTransitionTime: formatTime(receivedAtUs), message: 'Kubernetes default Service CIDR is ready', reason: '', status: 'True', type: 'Ready' }] } };
}

/** What a StatefulSet asks for behind a closed gate: MaxUnavailableStatefulSet. Models pkg/registry/apps/statefulset/strategy.go: dropStatefulSetDisabledFields. */
function withoutMaxUnavailable(set: KubeObject): KubeObject {
  const { updateStrategy } = set.spec as { readonly updateStrategy?: { readonly rollingUpdate?: Fields } };
  if (updateStrategy?.rollingUpdate?.['maxUnavailable'] === undefined) return set;
  const { maxUnavailable: _dropped, ...rollingUpdate } = updateStrategy.rollingUpdate;
  return { ...set, spec: { ...set.spec as object, updateStrategy: { ...updateStrategy, rollingUpdate } } } as KubeObject;
}

/** Fields that are let go unseen. */
const dropped: { readonly [kind: string]: ((object: KubeObject) => KubeObject) | undefined } = { StatefulSet: withoutMaxUnavailable };

const templateGeneration = 'deprecated.daemonset.template.generation';
const generationIn = ({ metadata }: KubeObject): number => Math.max(1, Number.parseInt(metadata.annotations?.[templateGeneration] ?? '', 10) || 1);
const withTemplateGeneration = (set: KubeObject, generation: number): KubeObject => withMetadata(set, { annotations: { ...set.metadata.annotations, [templateGeneration]: String(generation) } });
const templateOf = ({ spec }: KubeObject): unknown => (spec as { readonly template?: unknown }).template;

/** Counts the templates of a DaemonSet in an annotation, which nobody else may. Models pkg/registry/apps/daemonset/strategy.go and pkg/apis/apps/v1/conversion.go. */
const countTemplates = (next: KubeObject, current: KubeObject): KubeObject => withTemplateGeneration(next, generationIn(current) + (deepEqual(templateOf(next), templateOf(current)) ? 0 : 1));

const prepared: { readonly [kind: string]: ((object: KubeObject, inflight: Inflight) => KubeObject) | undefined } = { Job: generatedSelector, APIService: availableLocally, ServiceCIDR: readyByDefault, DaemonSet: (set) => withTemplateGeneration(set, generationIn(set)) };

/** The strategy that a kind's facts make. */
export function keptStrategy({ kind, subresources }: ResourceInfo): Strategy {
  const fields = counted[kind];
  const hasStatus = subresources.includes('status');
  const first = firstStatus[kind] ?? {};
  return {
    prepareForCreate(given, inflight) {
      const object = dropped[kind]?.(given) ?? given;
      const reset = hasStatus ? { ...object, status: first } as KubeObject : object;
      const known = prepared[kind]?.(reset, inflight) ?? reset;
      return fields === undefined ? known : withMetadata(known, { generation: 1 });
    },
    prepareForUpdate(given, current) {
      const next = dropped[kind]?.(given) ?? given;
      const same = hasStatus ? keepStatus(next, current) : next;
      const kept = kind === 'DaemonSet' ? countTemplates(same, current) : same;
      return fields === undefined ? kept : countGeneration(kept, current, fields.some((field) => !deepEqual((next as unknown as Fields)[field], (current as unknown as Fields)[field])));
    },
  };
}
