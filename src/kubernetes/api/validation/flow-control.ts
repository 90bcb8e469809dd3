/** Models pkg/apis/flowcontrol/validation/validation.go. */
import { semanticEqual } from '../../apimachinery/equality.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { mandatoryLevels, mandatorySchemas, type FlowPathRule, type FlowResourceRule, type FlowRules, type FlowSchemaSpec, type FlowSubject, type PriorityLevelSpec, type Queuing } from '../flow-control.ts';
import type { KubeObject } from '../meta-v1.ts';
import type { Rules } from './index.ts';
import { labelName, pushInvalid, subdomainName, validateMetadata, validateMetadataUpdate, type Errors } from './metadata.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const star = (list: readonly string[]): boolean => list.includes('*');

function validateSchemaSpec(errors: Errors, name: string, spec: FlowSchemaSpec): void {
  const { matchingPrecedence = 0, distinguisherMethod, priorityLevelConfiguration: { name: level = '' } = { name: '' }, rules = [] } = spec;
  const precedence = (words: string): void => { errors.push(invalid('spec.matchingPrecedence', matchingPrecedence, words)); };
  if (matchingPrecedence <= 0) precedence('must be a positive value');
  if (matchingPrecedence > 10_000) precedence('must not be greater than 10000');
  if (matchingPrecedence === 1 && name !== 'exempt') precedence("only the schema named 'exempt' may have matchingPrecedence 1");
  const methods = ['ByNamespace', 'ByUser'];
  if (distinguisherMethod !== undefined && !methods.includes(distinguisherMethod.type)) errors.push(notSupported('spec.distinguisherMethod.type', { Type: distinguisherMethod.type }, methods));
  if (level === '') errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'));
  else pushInvalid(errors, 'spec.priorityLevelConfiguration.name', level, subdomainName(level));
  rules.forEach((rule, index) => validateFlowRules(errors, rule, `spec.rules[${index}]`));
}

function validateFlowRules(errors: Errors, { subjects = [], resourceRules = [], nonResourceRules = [] }: FlowRules, path: string): void {
  if (subjects.length === 0) errors.push(required(`${path}.subjects`, 'subjects must contain at least one value'));
  subjects.forEach((subject, index) => validateSubject(errors, subject, `${path}.subjects[${index}]`));
  if (resourceRules.length === 0 && nonResourceRules.length === 0) errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  resourceRules.forEach((rule, index) => validateResourceRule(errors, rule, `${path}.resourceRules[${index}]`));
  nonResourceRules.forEach((rule, index) => validatePathRule(errors, rule, `${path}.nonResourceRules[${index}]`));
}

const fieldOfKind: { readonly [kind: string]: 'serviceAccount' | 'user' | 'group' | undefined } = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' };

function validateSubject(errors: Errors, subject: FlowSubject, path: string): void {
  const own = fieldOfKind[subject.kind];
  if (own === undefined) return void errors.push(notSupported(`${path}.kind`, subject.kind, ['Group', 'ServiceAccount', 'User']));
  const said = subject[own];
  if (said === undefined) errors.push(required(`${path}.${own}`, `${own} is required when subject kind is '${subject.kind}'`));
  else {
    const name = said.name ?? '';
    if (name === '') errors.push(required(`${path}.${own}.name`));
    else if (own === 'serviceAccount' && name !== '*') pushInvalid(errors, `${path}.${own}.name`, name, subdomainName(name));
    if (own === 'serviceAccount') validateAccountNamespace(errors, subject.serviceAccount!.namespace ?? '', `${path}.${own}.namespace`);
  }
  for (const [kind, other] of subject.kind === 'ServiceAccount' ? [['User', 'user'], ['Group', 'group']] as const : subject.kind === 'User' ? [['ServiceAccount', 'serviceAccount'], ['Group', 'group']] as const : [['ServiceAccount', 'serviceAccount'], ['User', 'user']] as const) {
    if (subject[other] !== undefined) errors.push(forbidden(`${path}.${other}`, `${other} is forbidden when subject kind is not '${kind}'`));
  }
  return undefined;
}

function validateAccountNamespace(errors: Errors, namespace: string, path: string): void {
  if (namespace === '') errors.push(required(path, 'must specify namespace for service account'));
  else pushInvalid(errors, path, namespace, labelName(namespace));
}

function validateVerbs(errors: Errors, given: readonly string[], path: string): void {
  if (given.length === 0) errors.push(required(path, 'verbs must contain at least one value'));
  else if (star(given) && given.length > 1) errors.push(invalid(path, given, "if '*' is present, must not specify other verbs"));
  else if (!star(given) && !given.every((verb) => verbs.includes(verb))) errors.push(notSupported(path, given, verbs));
}

function validatePathRule(errors: Errors, rule: FlowPathRule, path: string): void {
  const { nonResourceURLs: urls = [] } = rule;
  validateVerbs(errors, rule.verbs ?? [], `${path}.verbs`);
  if (urls.length === 0) errors.push(required(`${path}.nonResourceURLs`, 'nonResourceURLs must contain at least one value'));
  else if (star(urls) && urls.length > 1) errors.push(invalid(`${path}.nonResourceURLs`, urls, "if '*' is present, must not specify other non-resource URLs"));
  else if (!star(urls)) urls.forEach((url, index) => {
    const wrong = wrongPath(url);
    if (wrong !== undefined) errors.push(invalid(`${path}.nonResourceURLs[${index}]`, url, wrong));
  });
}

function wrongPath(path: string): string | undefined {
  if (path === '/') return undefined;
  if (path === '') return 'must not be empty';
  if (!path.startsWith('/')) return 'must start with slash';
  if (path.includes(' ')) return 'must not contain white-space';
  if (path.includes('//')) return 'must not contain double slash';
  const stars = path.split('*').length - 1;
  return stars > 1 || (stars === 1 && !path.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
}

function validateResourceRule(errors: Errors, rule: FlowResourceRule, path: string): void {
  const { apiGroups = [], resources = [], namespaces = [] } = rule;
  validateVerbs(errors, rule.verbs ?? [], `${path}.verbs`);
  for (const [field, given, one, others] of [['apiGroups', apiGroups, 'api group', 'api groups'], ['resources', resources, 'resource', 'resources']] as const) {
    if (given.length === 0) errors.push(required(`${path}.${field}`, `resource rules must supply at least one ${one}`));
    else if (given.length > 1 && star(given)) errors.push(invalid(`${path}.${field}`, given, `if '*' is present, must not specify other ${others}`));
  }
  if (namespaces.length === 0 && rule.clusterScope !== true) errors.push(required(`${path}.namespaces`, 'resource rules that are not cluster scoped must supply at least one namespace'));
  else if (star(namespaces) && namespaces.length > 1) errors.push(invalid(`${path}.namespaces`, namespaces, "if '*' is present, must not specify other namespaces"));
  else if (!star(namespaces)) namespaces.forEach((name, index) => pushInvalid(errors, `${path}.namespaces[${index}]`, name, labelName(name).map((words) => `each member of this list must be '*' or a DNS-1123 label; ${words}`)));
}

function validateLevelSpec(errors: Errors, name: string, { type = '', limited, exempt }: PriorityLevelSpec): void {
  if ((name === 'exempt') !== (type === 'Exempt')) errors.push(invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  if (type === 'Exempt') {
    if (limited !== undefined) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
    if (exempt !== undefined) validateShares(errors, exempt, 'spec.exempt');
  } else if (type === 'Limited') {
    if (exempt !== undefined) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'));
    if (limited === undefined) return void errors.push(required('spec.limited', 'must not be empty when type is Limited'));
    const { nominalConcurrencyShares: shares = 0, borrowingLimitPercent: borrowing } = limited;
    if (shares < 0) errors.push(invalid('spec.limited.nominalConcurrencyShares', shares, 'must be a non-negative integer'));
    validateResponse(errors, limited.limitResponse ?? {}, 'spec.limited.limitResponse');
    validateShares(errors, { lendablePercent: limited.lendablePercent }, 'spec.limited');
    if (borrowing !== undefined && borrowing < 0) errors.push(invalid('spec.limited.borrowingLimitPercent', borrowing, 'if specified, must be a non-negative integer'));
  } else errors.push(notSupported('spec.type', type, ['Exempt', 'Limited']));
  return undefined;
}

function validateShares(errors: Errors, { nominalConcurrencyShares: shares = 0, lendablePercent: lendable = 0 }: NonNullable<PriorityLevelSpec['exempt']>, path: string): void {
  if (shares < 0) errors.push(invalid(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'));
  if (lendable < 0 || lendable > 100) errors.push(invalid(`${path}.lendablePercent`, lendable, 'must be between 0 and 100, inclusive'));
}

function validateResponse(errors: Errors, { type = '', queuing }: { readonly type?: string; readonly queuing?: Queuing }, path: string): void {
  if (type === 'Reject') {
    if (queuing !== undefined) errors.push(forbidden(`${path}.queuing`, 'must be nil if limited.limitResponse.type is not Limited'));
  } else if (type === 'Queue') {
    if (queuing === undefined) errors.push(required(`${path}.queuing`, 'must not be empty if limited.limitResponse.type is Limited'));
    else validateQueuing(errors, queuing, `${path}.queuing`);
  } else errors.push(notSupported(`${path}.type`, type, ['Queue', 'Reject']));
}

const mostQueues = 10_000_000;
const hashBits = 60;

function validateQueuing(errors: Errors, { queues = 0, handSize = 0, queueLengthLimit = 0 }: Queuing, path: string): void {
  if (queueLengthLimit <= 0) errors.push(invalid(`${path}.queueLengthLimit`, queueLengthLimit, 'must be positive'));
  if (queues <= 0) errors.push(invalid(`${path}.queues`, queues, 'must be positive'));
  else if (queues > mostQueues) errors.push(invalid(`${path}.queues`, queues, `must not be greater than ${mostQueues}`));
  const hand = (words: string): void => { errors.push(invalid(`${path}.handSize`, handSize, words)); };
  if (handSize <= 0) hand('must be positive');
  else if (handSize > queues) hand(`should not be greater than queues (${queues})`);
  else if (Math.ceil(Math.log2(queues) * handSize) > hashBits) hand(`required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${hashBits}`);
}

function validateConditions(errors: Errors, { status }: KubeObject): void {
  const { conditions = [] } = (status ?? {}) as { readonly conditions?: readonly { readonly type?: string }[] };
  conditions.forEach(({ type = '' }, index) => {
    if (conditions.findIndex((one) => (one.type ?? '') === type) < index) errors.push(duplicate(`status.conditions[${index}].type`, type));
    if (type === '') errors.push(required(`status.conditions[${index}].type`));
  });
}

type FlowSchema = KubeObject & { readonly spec: FlowSchemaSpec };
function validateFlowSchema(errors: Errors, object: FlowSchema): void {
  const { metadata: { name }, spec } = object;
  validateSchemaSpec(errors, name, spec);
  const fixed = mandatorySchemas.find((one) => one.metadata.name === name);
  if (fixed !== undefined && !semanticEqual(spec, fixed.spec)) errors.push(invalid('spec', spec, `spec of '${name}' must equal the fixed value`));
  validateConditions(errors, object);
}

type PriorityLevel = KubeObject & { readonly spec: PriorityLevelSpec };
function validatePriorityLevel(errors: Errors, object: PriorityLevel): void {
  const { metadata: { name }, spec } = object;
  validateLevelSpec(errors, name, spec);
  const fixed = mandatoryLevels.find((one) => one.metadata.name === name)?.spec;
  // Of the exempt level the shares may be changed.
  if (fixed !== undefined && !semanticEqual(name === 'exempt' ? { ...spec, exempt: fixed.exempt } : spec, fixed)) {
    errors.push(invalid('spec', spec, name === 'exempt' ? `spec of '${name}' except the 'spec.exempt' field must equal the fixed value` : `spec of '${name}' must equal the fixed value`));
  }
  validateConditions(errors, object);
}

const rulesOf = <T extends KubeObject>(validate: (errors: Errors, object: T) => void): Rules<T> => ({
  create(errors, object) {
    validateMetadata(errors, object.metadata, false, subdomainName);
    validate(errors, object);
  },
  update(errors, object, old) {
    validateMetadataUpdate(errors, object.metadata, old.metadata);
    validate(errors, object);
  },
  status: (errors, object) => validateConditions(errors, object),
});

export const flowSchemaRules = rulesOf(validateFlowSchema);
export const priorityLevelRules = rulesOf(validatePriorityLevel);
