/** What says where a Pod may run. Models pkg/apis/core/validation/validation.go: validateAffinity, ValidateTolerations, topology spread. */
import type {
  Affinity, NodeSelectorRequirement, NodeSelectorTerm, PodAffinity, PodAffinityTerm, Toleration, TopologySpreadConstraint,
} from '../core-v1-pod.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, labelValueErrors, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { pushInvalid, validateLabelSelector } from './metadata.ts';
import type { Errors } from './metadata.ts';
import { validateTaintEffect } from './ports-and-taints.ts';

/** Tolerations of a Pod. */
export function validateTolerations(errors: Errors, tolerations: readonly Toleration[] | undefined, path: string): void {
  (tolerations ?? []).forEach((toleration, index) => {
    const at = `${path}[${index}]`;
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    if (key !== '') pushInvalid(errors, `${at}.key`, key, qualifiedNameErrors(key));
    else if (operator !== 'Exists') {
      errors.push(invalid(`${at}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
    }
    if (toleration.tolerationSeconds !== undefined && toleration.tolerationSeconds !== null && effect !== 'NoExecute') {
      errors.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    if (operator === '' || operator === 'Equal') {
      const messages = labelValueErrors(value);
      if (messages.length > 0) errors.push(invalid(`${at}.operator`, value, messages.join(';')));
    } else if (operator === 'Exists') {
      if (value !== '') errors.push(invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']));
    validateTaintEffect(errors, effect, true, `${at}.effect`);
  });
}

function validateExpression(errors: Errors, requirement: NodeSelectorRequirement, judgeValues: boolean, path: string): void {
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In': case 'NotIn':
      if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists': case 'DoesNotExist':
      if (values.length > 0) errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case 'Gt': case 'Lt':
      if (values.length !== 1) errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default: errors.push(invalid(`${path}.operator`, requirement.operator ?? '', 'not a valid selector operator'));
  }
  pushInvalid(errors, `${path}.key`, requirement.key ?? '', qualifiedNameErrors(requirement.key ?? ''));
  if (judgeValues) values.forEach((value, index) => pushInvalid(errors, `${path}.values[${index}]`, value, labelValueErrors(value)));
}

function validateFieldExpression(errors: Errors, requirement: NodeSelectorRequirement, path: string): void {
  const values = requirement.values ?? [];
  if (requirement.operator !== 'In' && requirement.operator !== 'NotIn') errors.push(invalid(`${path}.operator`, requirement.operator ?? '', 'not a valid selector operator'));
  else if (values.length !== 1) errors.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  if (requirement.key !== 'metadata.name') errors.push(invalid(`${path}.key`, requirement.key ?? '', 'not a valid field selector key'));
  else values.forEach((value, index) => pushInvalid(errors, `${path}.values[${index}]`, value, dns1123SubdomainErrors(value)));
}

function validateTerm(errors: Errors, term: NodeSelectorTerm, judgeValues: boolean, path: string): void {
  (term.matchExpressions ?? []).forEach((one, index) => validateExpression(errors, one, judgeValues, `${path}.matchExpressions[${index}]`));
  (term.matchFields ?? []).forEach((one, index) => validateFieldExpression(errors, one, `${path}.matchFields[${index}]`));
}

function validateWeight(errors: Errors, weight: number | undefined, path: string): void {
  if (weight === undefined || weight <= 0 || weight > 100) errors.push(invalid(path, weight ?? 0, 'must be in the range 1-100'));
}

function validatePodTerm(errors: Errors, term: PodAffinityTerm, path: string): void {
  validateLabelSelector(errors, term.labelSelector, `${path}.labelSelector`);
  validateLabelSelector(errors, term.namespaceSelector, `${path}.namespaceSelector`);
  for (const namespace of term.namespaces ?? []) pushInvalid(errors, `${path}.namespace`, namespace, dns1123LabelErrors(namespace));
  if (!term.topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'));
  pushInvalid(errors, `${path}.topologyKey`, term.topologyKey ?? '', qualifiedNameErrors(term.topologyKey ?? ''));
}

const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredTerms = 'preferredDuringSchedulingIgnoredDuringExecution';

function validatePodAffinity(errors: Errors, affinity: PodAffinity | undefined, path: string): void {
  (affinity?.[requiredTerms] ?? []).forEach((term, index) => validatePodTerm(errors, term, `${path}.${requiredTerms}[${index}]`));
  (affinity?.[preferredTerms] ?? []).forEach((term, index) => {
    validateWeight(errors, term.weight, `${path}.${preferredTerms}[${index}].weight`);
    validatePodTerm(errors, term.podAffinityTerm, `${path}.${preferredTerms}[${index}].podAffinityTerm`);
  });
}

/** Affinities to nodes and to other Pods. */
export function validateAffinity(errors: Errors, affinity: Affinity | undefined, path: string): void {
  if (!affinity) return;
  const node = affinity.nodeAffinity;
  const terms = node?.[requiredTerms];
  if (terms) {
    const at = `${path}.nodeAffinity.${requiredTerms}.nodeSelectorTerms`;
    if (!terms.nodeSelectorTerms?.length) errors.push(required(at, 'must have at least one node selector term'));
    (terms.nodeSelectorTerms ?? []).forEach((term, index) => validateTerm(errors, term, true, `${at}[${index}]`));
  }
  (node?.[preferredTerms] ?? []).forEach((term, index) => {
    validateWeight(errors, term.weight, `${path}.nodeAffinity.${preferredTerms}[${index}].weight`);
    validateTerm(errors, term.preference, false, `${path}.nodeAffinity.${preferredTerms}[${index}].preference`);
  });
  validatePodAffinity(errors, affinity.podAffinity, `${path}.podAffinity`);
  validatePodAffinity(errors, affinity.podAntiAffinity, `${path}.podAntiAffinity`);
}

/** Constraints that spread Pods over a topology. */
export function validateSpread(errors: Errors, constraints: readonly TopologySpreadConstraint[] | undefined, path: string): void {
  (constraints ?? []).forEach((constraint, index) => {
    const at = `${path}[${index}]`;
    const { maxSkew, topologyKey = '', whenUnsatisfiable, minDomains } = constraint;
    if (!(maxSkew > 0)) errors.push(invalid(`${at}.maxSkew`, maxSkew ?? 0, 'must be greater than zero'));
    if (topologyKey === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    else pushInvalid(errors, `${at}.topologyKey`, topologyKey, qualifiedNameErrors(topologyKey));
    if (whenUnsatisfiable !== 'DoNotSchedule' && whenUnsatisfiable !== 'ScheduleAnyway') {
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway']));
    }
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(`${at}.minDomains`, minDomains, 'must be greater than zero'));
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        errors.push(invalid(`${at}.minDomains`, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`));
      }
    }
    const same = constraints!.findIndex((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    if (same < index) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`));
    validateLabelSelector(errors, constraint.labelSelector, `${at}.labelSelector`);
  });
}
