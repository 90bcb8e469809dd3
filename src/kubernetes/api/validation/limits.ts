/** What bounds others: budgets, autoscalers, limit ranges, quotas, priority classes. Models pkg/apis/{policy,autoscaling,core,scheduling}/validation/validation.go. */
import { forbidden, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { percentErrors, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { canonicalQuantity, compareQuantities, isQuantity } from '../../apimachinery/quantity.ts';
import type { AutoscalerSpec, BudgetSpec, LimitItem, LimitRangeSpec, MetricSpec, Of, PriorityClass, QuotaSpec } from '../kept-specs.ts';
import type { IntOrString } from '../meta-v1.ts';
import { validateIntOrPercent } from './apps-v1.ts';
import { validateQuantity } from './core-v1-resources.ts';
import { pushInvalid, subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, type Errors, type NameRule } from './metadata.ts';

type Budget = Of<BudgetSpec>;
type Autoscaler = Of<AutoscalerSpec>;
type LimitRange = Of<LimitRangeSpec>;
type Quota = Of<QuotaSpec>;

function validateShare(errors: Errors, share: IntOrString | undefined, path: string): void {
  if (share === undefined) return;
  validateIntOrPercent(errors, share, path);
  if (typeof share === 'string' && percentErrors(share).length === 0 && Number(share.slice(0, -1)) > 100) errors.push(invalid(path, share, 'must not be greater than 100%'));
}

const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget'];

export function validateBudget(errors: Errors, budget: Budget): void {
  validateMetadata(errors, budget.metadata, true, subdomainName);
  validateBudgetSpec(errors, budget.spec ?? {});
}

function validateBudgetSpec(errors: Errors, spec: BudgetSpec): void {
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'));
  validateShare(errors, spec.minAvailable, 'spec.minAvailable');
  validateShare(errors, spec.maxUnavailable, 'spec.maxUnavailable');
  validateLabelSelector(errors, spec.selector, 'spec.selector');
  const policy = spec.unhealthyPodEvictionPolicy;
  if (policy !== undefined && !evictionPolicies.includes(policy)) errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, evictionPolicies));
}

export function validateBudgetUpdate(errors: Errors, budget: Budget, old: Budget): void {
  validateMetadataUpdate(errors, budget.metadata, old.metadata);
  if (budget.spec !== old.spec) validateBudgetSpec(errors, budget.spec);
}

const metricSources: Readonly<Record<string, string>> = { ContainerResource: 'containerResource', External: 'external', Object: 'object', Pods: 'pods', Resource: 'resource' };

function validateMetric(errors: Errors, metric: MetricSpec, path: string): void {
  const type = metric.type ?? '';
  if (type === '') return void errors.push(required(`${path}.type`, 'must specify a metric source type'));
  const source = metricSources[type];
  if (source === undefined) return void errors.push(notSupported(`${path}.type`, type, Object.keys(metricSources)));
  if (metric[source] === undefined) errors.push(required(`${path}.${source}`, `must populate information for the given metric source`));
  for (const [name, field] of Object.entries(metricSources)) {
    if (field !== source && metric[field] !== undefined) errors.push(forbidden(`${path}.${field}`, `must populate the given metric source only`));
    if (name !== 'Resource' || field !== source || metric.resource === undefined) continue;
    const at = `${path}.resource`;
    const target = metric.resource.target ?? {};
    if (!metric.resource.name) errors.push(required(`${at}.name`, 'must specify a resource name'));
    if (!target.type) errors.push(required(`${at}.target.type`, 'must specify a metric target type'));
    if (target.averageUtilization !== undefined && target.averageUtilization < 1) errors.push(invalid(`${at}.target.averageUtilization`, target.averageUtilization, 'must be greater than 0'));
    if (target.averageUtilization === undefined && target.averageValue === undefined) errors.push(required(`${at}.target.averageUtilization`, 'must set either a target raw value or a target utilization'));
    if (target.averageUtilization !== undefined && target.averageValue !== undefined) errors.push(forbidden(`${at}.target.averageValue`, 'may not set both a target raw value and a target utilization'));
  }
}

function validateAutoscalerSpec(errors: Errors, spec: AutoscalerSpec): void {
  const { minReplicas, maxReplicas = 0, scaleTargetRef = {} } = spec;
  if (minReplicas !== undefined && minReplicas < 1) errors.push(invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'));
  if (maxReplicas < 1) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0'));
  if (minReplicas !== undefined && maxReplicas < minReplicas) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  if (!scaleTargetRef.kind) errors.push(required('spec.scaleTargetRef.kind'));
  if (!scaleTargetRef.name) errors.push(required('spec.scaleTargetRef.name'));
  (spec.metrics ?? []).forEach((metric, index) => validateMetric(errors, metric, `spec.metrics[${index}]`));
}

export function validateAutoscaler(errors: Errors, autoscaler: Autoscaler): void {
  validateMetadata(errors, autoscaler.metadata, true, subdomainName);
  validateAutoscalerSpec(errors, autoscaler.spec ?? {});
}

export function validateAutoscalerUpdate(errors: Errors, autoscaler: Autoscaler, old: Autoscaler): void {
  validateMetadataUpdate(errors, autoscaler.metadata, old.metadata);
  if (autoscaler.spec !== old.spec) validateAutoscalerSpec(errors, autoscaler.spec);
}

const limitTypes = ['Container', 'PersistentVolumeClaim', 'Pod'];
const exceeds = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && isQuantity(a) && isQuantity(b) && compareQuantities(a, b) > 0;

function validateLimit(errors: Errors, limit: LimitItem, path: string): void {
  const type = limit.type ?? '';
  const { min = {}, max = {}, default: limits = {}, defaultRequest: requests = {} } = limit;
  if (!limitTypes.includes(type) && qualifiedNameErrors(type).length > 0) pushInvalid(errors, `${path}.type`, type, qualifiedNameErrors(type));
  else if (!limitTypes.includes(type) && !type.includes('/')) errors.push(invalid(`${path}.type`, type, 'must be a standard limit type or fully qualified'));
  if (type === 'Pod') {
    if (limit.default !== undefined) errors.push(forbidden(`${path}.default`, 'may not be specified when `type` is \'Pod\''));
    if (limit.defaultRequest !== undefined) errors.push(forbidden(`${path}.defaultRequest`, 'may not be specified when `type` is \'Pod\''));
  }
  if (type === 'PersistentVolumeClaim' && min['storage'] === undefined && max['storage'] === undefined) {
    errors.push(required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'));
  }
  const print = (value: string): string => canonicalQuantity(value);
  for (const name of new Set([...Object.keys(max), ...Object.keys(min), ...Object.keys(limits), ...Object.keys(requests)])) {
    if (exceeds(min[name], max[name])) errors.push(invalid(`${path}.min[${name}]`, min[name], `min value ${print(min[name]!)} is greater than max value ${print(max[name]!)}`));
    if (exceeds(min[name], requests[name])) errors.push(invalid(`${path}.defaultRequest[${name}]`, requests[name], `min value ${print(min[name]!)} is greater than default request value ${print(requests[name]!)}`));
    if (exceeds(requests[name], max[name])) errors.push(invalid(`${path}.defaultRequest[${name}]`, requests[name], `default request value ${print(requests[name]!)} is greater than max value ${print(max[name]!)}`));
    if (exceeds(requests[name], limits[name])) errors.push(invalid(`${path}.defaultRequest[${name}]`, requests[name], `default request value ${print(requests[name]!)} is greater than default limit value ${print(limits[name]!)}`));
    if (exceeds(min[name], limits[name])) errors.push(invalid(`${path}.default[${name}]`, min[name], `min value ${print(min[name]!)} is greater than default value ${print(limits[name]!)}`));
    if (exceeds(limits[name], max[name])) errors.push(invalid(`${path}.default[${name}]`, limits[name], `default value ${print(limits[name]!)} is greater than max value ${print(max[name]!)}`));
  }
}

export function validateLimitRange(errors: Errors, range: LimitRange): void {
  validateMetadata(errors, range.metadata, true, subdomainName);
  (range.spec?.limits ?? []).forEach((limit, index) => validateLimit(errors, limit, `spec.limits[${index}]`));
}

export function validateLimitRangeUpdate(errors: Errors, range: LimitRange, old: LimitRange): void {
  validateMetadataUpdate(errors, range.metadata, old.metadata);
  if (range.spec !== old.spec) (range.spec?.limits ?? []).forEach((limit, index) => validateLimit(errors, limit, `spec.limits[${index}]`));
}

const quotaNames = new Set([
  'cpu', 'memory', 'ephemeral-storage', 'storage', 'requests.cpu', 'requests.memory', 'requests.storage', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage',
  'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers',
]);

function validateHard(errors: Errors, hard: QuotaSpec['hard'] = {}): void {
  for (const name of Object.keys(hard)) {
    const at = `spec.hard[${name}]`;
    const problems = qualifiedNameErrors(name);
    pushInvalid(errors, at, name, problems);
    if (problems.length === 0 && !name.includes('/') && !quotaNames.has(name) && !name.startsWith('hugepages-') && !name.startsWith('requests.hugepages-')) errors.push(invalid(at, name, 'must be a standard resource for quota'));
    validateQuantity(errors, name, hard[name]!, at);
  }
}

export function validateQuota(errors: Errors, quota: Quota): void {
  validateMetadata(errors, quota.metadata, true, subdomainName);
  validateHard(errors, quota.spec?.hard);
}

export function validateQuotaUpdate(errors: Errors, quota: Quota, old: Quota): void {
  validateMetadataUpdate(errors, quota.metadata, old.metadata);
  if (quota.spec === old.spec) return;
  validateHard(errors, quota.spec?.hard);
  validateImmutable(errors, quota.spec?.scopes, old.spec?.scopes, 'spec.scopes');
}

const highestOfUsers = 1_000_000_000;
const policies = ['Never', 'PreemptLowerPriority'];
/** The classes that every cluster has. Models pkg/apis/scheduling/v1/helpers.go: SystemPriorityClasses. */
const systemValues: { readonly [name: string]: number | undefined } = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };
const reserved = 'system-';

export function validatePriorityClass(errors: Errors, priority: PriorityClass): void {
  const { name = '' } = priority.metadata;
  validateMetadata(errors, priority.metadata, false, subdomainName satisfies NameRule);
  const value = priority.value ?? 0;
  if (name.startsWith(reserved)) {
    if (systemValues[name] !== value || priority.globalDefault === true) errors.push(forbidden('metadata.name', `priority class names with '${reserved}' prefix are reserved for system use only. error: ${systemValues[name] === undefined ? `${name} is not a known system priority class` : `value of ${name} PriorityClass must be ${systemValues[name]}`}`));
  } else if (value > highestOfUsers) errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${highestOfUsers}`));
  if (priority.preemptionPolicy !== undefined && !policies.includes(priority.preemptionPolicy)) errors.push(notSupported('preemptionPolicy', priority.preemptionPolicy, ['PreemptLowerPriority', 'Never']));
}

export function validatePriorityClassUpdate(errors: Errors, priority: PriorityClass, old: PriorityClass): void {
  validateMetadataUpdate(errors, priority.metadata, old.metadata);
  if (priority.value !== old.value) errors.push(forbidden('value', 'may not be changed in an update.'));
  validateImmutable(errors, priority.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy');
}
