/** The columns of the kinds that are only kept. Models pkg/printers/internalversion/printers.go: AddHandlers and the functions it names. */
import type { PodSpec } from '../api/index.ts';
import type { CronJobSpec, Job, JobSpec } from '../api/batch-v1.ts';
import type { AutoscalerSpec, BindingLike, BudgetSpec, ClaimSpec, DaemonSetSpec, IngressSpec, NetworkPolicySpec, Of, PriorityClass, QuotaSpec, ReplicationControllerSpec, StatefulSetSpec, StorageClass, VolumeSpec } from '../api/kept-specs.ts';
import type { FlowSchemaSpec, PriorityLevelSpec, Queuing } from '../api/flow-control.ts';
import type { KubeObject, LabelSelector } from '../api/meta-v1.ts';
import { formatLabelSelector } from '../apimachinery/label-selector.ts';
import { humanDuration, parseTime } from '../apimachinery/time.ts';
import { jobStatus } from './job-status.ts';
import { age, count, joined, name, none, since, text, wide, type Column } from './cells.ts';

type Json = { readonly [field: string]: unknown };
const statusOf = (object: { readonly status?: object }): Json => (object.status ?? {}) as Json;
const numberIn = (object: { readonly status?: object }, field: string): number => Number(statusOf(object)[field] ?? 0);
const wordIn = (object: { readonly status?: object }, field: string): string => String(statusOf(object)[field] ?? '');
const from = <S extends object>(name: string, field: string): Column => count<Of<S>>(name, (object) => numberIn(object, field));
const labelsOf = (labels: Readonly<Record<string, string>> | undefined): string => joined(Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`).sort());
const selectorText = (selector: LabelSelector | undefined): string => { const shown = formatLabelSelector(selector); return shown === '' ? none : shown; };

const podOf = (object: unknown): PodSpec => {
  const { template, jobTemplate } = (object as { readonly spec: { readonly template?: { readonly spec: PodSpec }; readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: PodSpec } } } } }).spec;
  return (jobTemplate?.spec.template ?? template)!.spec;
};
const containers = wide('Containers', (object) => podOf(object).containers.map((one) => one.name).join(','));
const images = wide('Images', (object) => podOf(object).containers.map((one) => one.image).join(','));
const selector = wide<Of<{ readonly selector?: LabelSelector }>>('Selector', ({ spec }) => selectorText(spec.selector));

interface ServiceLocation { readonly service?: { readonly namespace?: string; readonly name?: string } }
/** Models kube-aggregator/pkg/registry/apiservice/etcd/etcd.go: ConvertToTable. */
function availability({ status }: { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[] } }): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available');
  return condition === undefined ? 'Unknown' : condition.status === 'True' || (condition.reason ?? '') === '' ? condition.status : `${condition.status} (${condition.reason})`;
}

const completions = (job: Of<JobSpec>): string => `${numberIn(job, 'succeeded')}/${job.spec.completions ?? ((job.spec.parallelism ?? 0) > 1 ? `1 of ${job.spec.parallelism}` : 1)}`;
function duration({ status }: Of<JobSpec>, nowUs: number): string {
  const { startTime, completionTime } = (status ?? {}) as { readonly startTime?: string; readonly completionTime?: string };
  const start = parseTime(startTime);
  return start === undefined ? '' : humanDuration((parseTime(completionTime) ?? nowUs) - start);
}

/** Models printers.go: extractCSRStatus. */
function certificateStatus({ status }: Of<object>): string {
  const { certificate = '', conditions = [] } = (status ?? {}) as { readonly certificate?: string; readonly conditions?: readonly { readonly type: string }[] };
  const is = (type: string): boolean => conditions.some((one) => one.type === type);
  return `${is('Denied') ? 'Denied' : is('Approved') ? 'Approved' : 'Pending'}${is('Failed') ? ',Failed' : ''}${certificate === '' ? '' : ',Issued'}`;
}

/** Models printers.go: formatHPAMetrics, where nothing has been measured. */
function targets({ spec }: Of<AutoscalerSpec>): string {
  const shown = (spec.metrics ?? []).slice(0, 2).map(({ type, resource }) => (type !== 'Resource' ? `<unknown>` : `${resource?.name}: <unknown>/${resource?.target?.averageValue ?? `${resource?.target?.averageUtilization}%`}`));
  const more = (spec.metrics ?? []).length - shown.length;
  return shown.length === 0 ? none : `${shown.join(', ')}${more > 0 ? ` + ${more} more...` : ''}`;
}

const modes: Readonly<Record<string, string>> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' };
const accessModes = (given: readonly string[] | undefined): string => Object.keys(modes).filter((mode) => given?.includes(mode)).map((mode) => modes[mode]).join(',');
const unset = '<unset>';

/** Models printers.go: formatHosts. */
function hosts({ spec }: Of<IngressSpec>): string {
  const named = (spec.rules ?? []).map(({ host }) => host ?? '').filter((host) => host !== '');
  return named.length === 0 ? '*' : `${named.slice(0, 3).join(',')}${named.length > 3 ? ` + ${named.length - 3} more...` : ''}`;
}
/** Models printers.go: printResourceQuota. */
const quota = (prefix: 'requests' | 'limits') => ({ spec, status }: Of<QuotaSpec>): string => {
  const used = (status as { readonly used?: Readonly<Record<string, string>> } | undefined)?.used ?? {};
  const names = Object.keys((status as { readonly hard?: object } | undefined)?.hard ?? spec.hard ?? {}).sort().filter((one) => one.startsWith('limits.') === (prefix === 'limits'));
  return names.map((one) => `${one}: ${used[one] ?? '0'}/${spec.hard?.[one] ?? '0'}`).join(', ');
};
const subjects = (kind: string) => (binding: BindingLike): string => (binding.subjects ?? []).filter((one) => one.kind === kind).map((one) => (kind === 'ServiceAccount' ? `${one.namespace ?? ''}/${one.name}` : one.name)).join(', ');
const bindingColumns: readonly Column[] = [
  name, text<BindingLike>('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`), age, wide('Users', subjects('User')), wide('Groups', subjects('Group')), wide('ServiceAccounts', subjects('ServiceAccount')),
];
const created = text<KubeObject>('Created At', ({ metadata }) => metadata.creationTimestamp ?? '');
const webhooks: readonly Column[] = [name, count<{ readonly webhooks?: readonly unknown[] }>('Webhooks', (object) => object.webhooks?.length ?? 0), age];
const owner = ({ metadata }: KubeObject): string => { const of = metadata.ownerReferences?.find((one) => one.controller === true); return of === undefined ? none : `${of.kind.toLowerCase()}/${of.name}`; };
const specWord = (title: string, field: string, otherwise = none) => text<Of<Json>>(title, ({ spec }) => String(spec?.[field] ?? otherwise));
const paramKind = text<Of<{ readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string } }>>('ParamKind', ({ spec }) => (spec.paramKind === undefined ? unset : `${spec.paramKind.apiVersion}/${spec.paramKind.kind}`));
const policyBinding: readonly Column[] = [name, specWord('PolicyName', 'policyName', ''), text<Of<{ readonly paramRef?: { readonly name?: string; readonly namespace?: string } }>>('ParamRef', ({ spec: { paramRef } }) => (paramRef === undefined ? unset : [paramRef.namespace ?? '*', paramRef.name ?? ''].join('/'))), age];
const isDefault = ({ metadata }: StorageClass): string => (metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? `${metadata.name} (default)` : metadata.name);

const level = (title: string, of: (spec: PriorityLevelSpec) => number | undefined) => text<Of<PriorityLevelSpec>>(title, ({ spec }) => String(of(spec) ?? none));
const queued = (title: string, field: keyof Queuing) => level(title, ({ limited }) => limited?.limitResponse?.queuing?.[field]);
const dangling = ({ status }: { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } }): string => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?';

export const keptColumns: { readonly [resource: string]: readonly Column[] } = {
  daemonsets: [
    name, from('Desired', 'desiredNumberScheduled'), from('Current', 'currentNumberScheduled'), from('Ready', 'numberReady'), from('Up-to-date', 'updatedNumberScheduled'), from('Available', 'numberAvailable'),
    text<Of<DaemonSetSpec>>('Node Selector', ({ spec }) => labelsOf(spec.template.spec.nodeSelector)), age, containers, images, selector,
  ],
  statefulsets: [name, text<Of<StatefulSetSpec>>('Ready', (set) => `${numberIn(set, 'readyReplicas')}/${set.spec.replicas ?? 1}`), age, containers, images],
  replicationcontrollers: [
    name, count<Of<ReplicationControllerSpec>>('Desired', ({ spec }) => spec.replicas ?? 1), from('Current', 'replicas'), from('Ready', 'readyReplicas'), age, containers, images,
    wide<Of<ReplicationControllerSpec>>('Selector', ({ spec }) => labelsOf(spec.selector)),
  ],
  flowschemas: [
    name, text<Of<FlowSchemaSpec>>('PriorityLevel', ({ spec }) => spec.priorityLevelConfiguration.name), text<Of<FlowSchemaSpec>>('MatchingPrecedence', ({ spec }) => String(spec.matchingPrecedence)),
    text<Of<FlowSchemaSpec>>('DistinguisherMethod', ({ spec }) => spec.distinguisherMethod?.type ?? none), age, text('MissingPL', dangling),
  ],
  prioritylevelconfigurations: [
    name, text<Of<PriorityLevelSpec>>('Type', ({ spec }) => spec.type ?? ''), level('NominalConcurrencyShares', ({ limited }) => limited?.nominalConcurrencyShares), queued('Queues', 'queues'), queued('HandSize', 'handSize'), queued('QueueLengthLimit', 'queueLengthLimit'), age,
  ],
  jobs: [name, text<Job>('Status', jobStatus), text('Completions', completions), text('Duration', duration), age, containers, images, selector],
  cronjobs: [
    name, text<Of<CronJobSpec>>('Schedule', ({ spec }) => spec.schedule ?? ''), text<Of<CronJobSpec>>('Timezone', ({ spec }) => spec.timeZone ?? none), text<Of<CronJobSpec>>('Suspend', ({ spec }) => (spec.suspend === true ? 'True' : 'False')),
    count<Of<CronJobSpec>>('Active', (object) => ((statusOf(object)['active'] as readonly unknown[] | undefined) ?? []).length),
    text<Of<CronJobSpec>>('Last Schedule', (object, nowUs) => { const at = wordIn(object, 'lastScheduleTime'); return at === '' ? none : since(at, nowUs); }), age, containers, images,
    wide<Of<CronJobSpec>>('Selector', ({ spec }) => selectorText(spec.jobTemplate.spec.selector)),
  ],
  horizontalpodautoscalers: [
    name, text<Of<AutoscalerSpec>>('Reference', ({ spec }) => `${spec.scaleTargetRef?.kind}/${spec.scaleTargetRef?.name}`), text('Targets', targets), text<Of<AutoscalerSpec>>('MinPods', ({ spec }) => String(spec.minReplicas ?? unset)),
    count<Of<AutoscalerSpec>>('MaxPods', ({ spec }) => spec.maxReplicas ?? 0), from('Replicas', 'currentReplicas'), age,
  ],
  ingresses: [
    name, text<Of<IngressSpec>>('Class', ({ spec, metadata }) => spec.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? none), text('Hosts', hosts),
    text<Of<IngressSpec>>('Address', ({ status }) => ((status as { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] } } | undefined)?.loadBalancer?.ingress ?? []).map((one) => one.ip ?? one.hostname ?? '').join(',')),
    text<Of<IngressSpec>>('Ports', ({ spec }) => ((spec.tls ?? []).length > 0 ? '80, 443' : '80')), age,
  ],
  ingressclasses: [name, specWord('Controller', 'controller', ''), text<Of<{ readonly parameters?: { readonly apiGroup?: string; readonly kind: string; readonly name: string } }>>('Parameters', ({ spec: { parameters } }) => (parameters === undefined ? none : `${parameters.kind}${parameters.apiGroup === undefined ? '' : `.${parameters.apiGroup}`}/${parameters.name}`)), age],
  networkpolicies: [name, text<Of<NetworkPolicySpec>>('Pod-Selector', ({ spec }) => selectorText(spec.podSelector)), age],
  poddisruptionbudgets: [name, text<Of<BudgetSpec>>('Min Available', ({ spec }) => String(spec.minAvailable ?? 'N/A')), text<Of<BudgetSpec>>('Max Unavailable', ({ spec }) => String(spec.maxUnavailable ?? 'N/A')), from('Allowed Disruptions', 'disruptionsAllowed'), age],
  persistentvolumes: [
    name, text<Of<VolumeSpec>>('Capacity', ({ spec }) => spec.capacity?.['storage'] ?? ''), text<Of<VolumeSpec>>('Access Modes', ({ spec }) => accessModes(spec.accessModes)), specWord('Reclaim Policy', 'persistentVolumeReclaimPolicy', ''),
    text<Of<VolumeSpec>>('Status', (object) => (object.metadata.deletionTimestamp === undefined ? wordIn(object, 'phase') : 'Terminating')), text<Of<{ readonly claimRef?: { readonly namespace: string; readonly name: string } }>>('Claim', ({ spec: { claimRef } }) => (claimRef === undefined ? '' : `${claimRef.namespace}/${claimRef.name}`)),
    specWord('StorageClass', 'storageClassName', ''), specWord('VolumeAttributesClass', 'volumeAttributesClassName', unset), text<Of<VolumeSpec>>('Reason', (object) => wordIn(object, 'reason')), age, wide<Of<VolumeSpec>>('VolumeMode', ({ spec }) => spec.volumeMode ?? unset),
  ],
  persistentvolumeclaims: [
    name, text<Of<ClaimSpec>>('Status', (claim) => (claim.metadata.deletionTimestamp === undefined ? wordIn(claim, 'phase') : 'Terminating')), specWord('Volume', 'volumeName', ''),
    text<Of<ClaimSpec>>('Capacity', (claim) => (statusOf(claim)['capacity'] as Readonly<Record<string, string>> | undefined)?.['storage'] ?? ''), text<Of<ClaimSpec>>('Access Modes', (claim) => accessModes(statusOf(claim)['accessModes'] as readonly string[] | undefined)),
    specWord('StorageClass', 'storageClassName', ''), specWord('VolumeAttributesClass', 'volumeAttributesClassName', unset), age, wide<Of<ClaimSpec>>('VolumeMode', ({ spec }) => spec.volumeMode ?? unset),
  ],
  storageclasses: [
    text('Name', isDefault), text<StorageClass>('Provisioner', ({ provisioner }) => provisioner ?? ''), text<StorageClass>('ReclaimPolicy', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'), text<StorageClass>('VolumeBindingMode', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
    text<StorageClass>('AllowVolumeExpansion', ({ allowVolumeExpansion }) => String(allowVolumeExpansion === true)), age,
  ],
  priorityclasses: [name, count<PriorityClass>('Value', ({ value }) => value ?? 0), text<PriorityClass>('Global-Default', ({ globalDefault }) => String(globalDefault === true)), age, text<PriorityClass>('PreemptionPolicy', ({ preemptionPolicy }) => preemptionPolicy ?? 'PreemptLowerPriority')],
  resourcequotas: [name, text('Request', quota('requests')), text('Limit', quota('limits')), age],
  limitranges: [name, created], roles: [name, created], clusterroles: [name, created], rolebindings: bindingColumns, clusterrolebindings: bindingColumns,
  controllerrevisions: [name, text('Controller', owner), count<KubeObject & { readonly revision?: number }>('Revision', ({ revision }) => revision ?? 0), age],
  endpoints: [name, text<{ readonly subsets?: readonly { readonly addresses?: readonly { readonly ip: string }[]; readonly ports?: readonly { readonly port: number }[] }[] }>('Endpoints', ({ subsets }) => joined((subsets ?? []).flatMap(({ addresses, ports }) => (addresses ?? []).flatMap(({ ip }) => (ports ?? []).map(({ port }) => `${ip}:${port}`))))), age],
  runtimeclasses: [name, text<KubeObject & { readonly handler?: string }>('Handler', ({ handler }) => handler ?? ''), age],
  mutatingwebhookconfigurations: webhooks, validatingwebhookconfigurations: webhooks,
  apiservices: [name, text<Of<ServiceLocation>>('Service', ({ spec }) => (spec.service === undefined ? 'Local' : `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}`)), text('Available', availability), age],
  customresourcedefinitions: [name, created],
  certificatesigningrequests: [
    name, age, specWord('SignerName', 'signerName', none), specWord('Requestor', 'username', ''),
    text<Of<{ readonly expirationSeconds?: number }>>('RequestedDuration', ({ spec: { expirationSeconds } }) => (expirationSeconds === undefined ? none : humanDuration(expirationSeconds * 1_000_000))), text('Condition', certificateStatus),
  ],
  csinodes: [name, count<Of<{ readonly drivers?: readonly unknown[] }>>('Drivers', ({ spec }) => spec.drivers?.length ?? 0), age],
  ipaddresses: [name, text<Of<{ readonly parentRef: { readonly group?: string; readonly resource: string; readonly namespace?: string; readonly name: string } }>>('ParentRef', ({ spec: { parentRef } }) => [`${parentRef.resource}${parentRef.group ? `.${parentRef.group}` : ''}`, parentRef.namespace ?? '', parentRef.name].filter((part) => part !== '').join('/'))],
  servicecidrs: [name, text<Of<{ readonly cidrs: readonly string[] }>>('CIDRs', ({ spec }) => spec.cidrs.join(',')), age],
  validatingadmissionpolicies: [
    name, count<Of<{ readonly validations?: readonly unknown[] }>>('Validations', ({ spec }) => spec.validations?.length ?? 0),
    paramKind, age,
  ],
  mutatingadmissionpolicies: [name, count<Of<{ readonly mutations?: readonly unknown[] }>>('Mutations', ({ spec }) => spec.mutations?.length ?? 0), paramKind, age],
  validatingadmissionpolicybindings: policyBinding, mutatingadmissionpolicybindings: policyBinding,
};
