/** Defaults of the kinds that only manifests bring. Models pkg/apis/{apps,autoscaling,batch,core,networking,rbac,scheduling,storage,…}/v1/defaults.go. */
import type { CronJobSpec, JobSpec, PodFailurePolicy } from '../batch-v1.ts';
import type {
  AutoscalerSpec, BindingLike, ClaimSpec, ClaimTemplate, DaemonSetSpec, Endpoints, LimitItem, LimitRangeSpec, NetworkPolicySpec, Of, PolicyPort, PriorityClass, QuotaSpec, RbacSubject, ReplicationControllerSpec,
  RoleLike, StatefulSetSpec, StorageClass, UpdateStrategy, VolumeSpec,
} from '../kept-specs.ts';
import type { FlowSchemaSpec, LimitedLevel, PriorityLevelSpec, Queuing } from '../flow-control.ts';
import type { KubeObject } from '../meta-v1.ts';
import { defaultPodTemplate } from './core-v1-pod.ts';
import { change, each, fill } from './fill.ts';
import { storedResources } from './resources.ts';

/** The object with its spec defaulted. */
const spec = <S extends object>(by: (given: S) => S) => (object: Of<S>): Of<S> => ({ ...object, spec: by((object.spec ?? {}) as S) });
const template = <S extends { readonly template?: unknown }>(given: S): S => change(given, 'template', defaultPodTemplate as never);

const claimSpec = (given: ClaimSpec): ClaimSpec => change(fill(given, { volumeMode: 'Filesystem' }), 'resources', (resources) => change(change(resources, 'requests', storedResources), 'limits', storedResources));
const claimTemplate = each((given: ClaimTemplate): ClaimTemplate => fill(change(given, 'spec', claimSpec), { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } }));

const strategy = (rolling: NonNullable<UpdateStrategy['rollingUpdate']>) => (given: UpdateStrategy): UpdateStrategy => {
  const typed = fill(given, { type: 'RollingUpdate' });
  return typed.type !== 'RollingUpdate' ? typed : change(fill(typed, { rollingUpdate: rolling }), 'rollingUpdate', (update) => fill(update, rolling));
};
const daemonSet = (given: DaemonSetSpec): DaemonSetSpec => template(change(fill(given, { updateStrategy: {}, revisionHistoryLimit: 10 }), 'updateStrategy', strategy({ maxUnavailable: 1, maxSurge: 0 })));
/** Only where no type is given there is a rolling update without having been asked for. Models pkg/apis/apps/v1/defaults.go: SetDefaults_StatefulSet. */
const statefulStrategy = (given: UpdateStrategy): UpdateStrategy => {
  const typed = given.type ? given : { rollingUpdate: {}, ...given, type: 'RollingUpdate' };
  return typed.type === 'RollingUpdate' ? change(typed, 'rollingUpdate', (update) => fill(update, { partition: 0 })) : typed;
};
const statefulSet = (given: StatefulSetSpec): StatefulSetSpec => {
  const filled = fill(given, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady', updateStrategy: {}, persistentVolumeClaimRetentionPolicy: {}, serviceName: '' });
  const kept = change(filled, 'persistentVolumeClaimRetentionPolicy', (policy) => fill(policy, { whenDeleted: 'Retain', whenScaled: 'Retain' }));
  return template(change(change(kept, 'updateStrategy', statefulStrategy), 'volumeClaimTemplates', claimTemplate));
};

/** A pattern of conditions means that they are there. Models SetDefaults_PodFailurePolicyOnPodConditionsPattern. */
const failurePolicy = (given: PodFailurePolicy): PodFailurePolicy => change(given, 'rules', each((rule) => change(rule, 'onPodConditions', each((pattern) => fill(pattern, { status: 'True' })))));

/** Without completions and parallelism a Job runs one Pod. */
const job = (given: JobSpec): JobSpec => {
  const once = given.completions === undefined && given.parallelism === undefined ? { ...given, completions: 1, parallelism: 1 } : given;
  const perIndex = given.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647;
  const replacement = given.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
  return jobInTemplate(fill(once, { parallelism: 1, backoffLimit: perIndex, completionMode: 'NonIndexed', suspend: false, podReplacementPolicy: replacement, manualSelector: false }));
};
/** A Job without labels has those of its Pods. Models SetDefaults_Job. */
const labelled = (object: Of<JobSpec>): Of<JobSpec> => {
  const labels = object.spec.template?.metadata?.labels;
  return labels === undefined || Object.keys(object.metadata.labels ?? {}).length > 0 ? object : { ...object, metadata: { ...object.metadata, labels } };
};
const jobInTemplate = (given: JobSpec): JobSpec => change(template(given), 'podFailurePolicy', failurePolicy);
const cronJob = (given: CronJobSpec): CronJobSpec =>
  change(fill(given, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }), 'jobTemplate', (inner) => change(inner, 'spec', jobInTemplate));

const cpuAt80 = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
const autoscaler = (given: AutoscalerSpec): AutoscalerSpec => (given.metrics === undefined || given.metrics.length === 0 ? { ...fill(given, { minReplicas: 1 }), metrics: cpuAt80 } : fill(given, { minReplicas: 1 }));

const replicationController = (given: ReplicationControllerSpec): ReplicationControllerSpec =>
  template(fill(given, { replicas: 1, ...(given.template?.metadata?.labels === undefined ? {} : { selector: given.template.metadata.labels }) }));

const volume = (given: VolumeSpec): VolumeSpec => {
  const filled = change(fill(given, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }), 'capacity', storedResources);
  return change(filled, 'hostPath', (path) => fill(path, { type: '' }));
};

const ports = each((port: PolicyPort): PolicyPort => fill(port, { protocol: 'TCP' }));
const networkPolicy = (given: NetworkPolicySpec): NetworkPolicySpec => {
  const types = given.policyTypes ?? ((given.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
  const ruled = change(change(given, 'ingress', each((rule) => change(rule, 'ports', ports))), 'egress', each((rule) => change(rule, 'ports', ports)));
  return fill(ruled, { policyTypes: types, podSelector: {} });
};

/** What a container gets is at least what it asks for, and at most what it may have. Models pkg/apis/core/v1/defaults.go: SetDefaults_LimitRangeItem. */
const limits = each((given: LimitItem): LimitItem => {
  const stored = (['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const).reduce<LimitItem>((item, field) => change(item, field, storedResources), given);
  if (stored.type !== 'Container') return stored;
  const most = { ...stored.max, ...stored.default };
  const requests = { ...stored.min, ...most, ...stored.defaultRequest };
  return { ...stored, ...(Object.keys(most).length > 0 && { default: most }), ...(Object.keys(requests).length > 0 && { defaultRequest: requests }) };
});

const subsets = each((subset: NonNullable<Endpoints['subsets']>[number]) => change(subset, 'ports', each((port) => fill(port, { protocol: 'TCP' }))));

const flowSchema = (given: FlowSchemaSpec): FlowSchemaSpec => (given.matchingPrecedence ? given : { ...given, matchingPrecedence: 1000 });
const queuing = (given: Queuing): Queuing => ({ ...given, queues: given.queues || 64, handSize: given.handSize || 8, queueLengthLimit: given.queueLengthLimit || 50 });
const limitedLevel = (given: LimitedLevel): LimitedLevel => change(fill(given, { nominalConcurrencyShares: 30, lendablePercent: 0 }), 'limitResponse', (response) => change(response, 'queuing', queuing));
const priorityLevel = (given: PriorityLevelSpec): PriorityLevelSpec => change(change(given, 'limited', limitedLevel), 'exempt', (exempt) => fill(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 }));

const rbac = 'rbac.authorization.k8s.io';
const subjects = each((subject: RbacSubject): RbacSubject => (subject.apiGroup !== undefined && subject.apiGroup !== '' ? subject : subject.kind === 'User' || subject.kind === 'Group' ? { ...subject, apiGroup: rbac } : subject));
const binding = (given: BindingLike): BindingLike => change(change(given, 'subjects', subjects), 'roleRef', (ref) => (ref.apiGroup ? ref : { ...ref, apiGroup: rbac }));
const role = (given: RoleLike): RoleLike => (given.rules === undefined ? { ...given, rules: null } : given);

export const keptDefaults: Readonly<Record<string, (object: never) => unknown>> = {
  DaemonSet: spec(daemonSet), StatefulSet: spec(statefulSet), Job: (object: Of<JobSpec>) => labelled(spec(job)(object)), CronJob: spec(cronJob), HorizontalPodAutoscaler: spec(autoscaler), ReplicationController: spec(replicationController),
  PodTemplate: (object: KubeObject & { readonly template?: never }) => template(object),
  Endpoints: (object: Endpoints) => change(object, 'subsets', subsets),
  PersistentVolumeClaim: spec(claimSpec), PersistentVolume: spec(volume),
  StorageClass: (object: StorageClass) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  NetworkPolicy: spec(networkPolicy), LimitRange: spec((given: LimitRangeSpec) => change(given, 'limits', limits)), ResourceQuota: spec((given: QuotaSpec) => change(given, 'hard', storedResources)),
  FlowSchema: spec(flowSchema), PriorityLevelConfiguration: spec(priorityLevel),
  PriorityClass: (object: PriorityClass) => fill(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  RoleBinding: binding, ClusterRoleBinding: binding, Role: role, ClusterRole: role,
};
