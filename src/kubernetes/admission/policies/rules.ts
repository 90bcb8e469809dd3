/** What a policy and a binding must look like, and what they are filled up with. Models pkg/apis/admissionregistration/{validation/validation.go,v1/defaults.go}. */
import { invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { subdomainName, validateMetadata, validateMetadataUpdate, type Errors } from '../../api/validation/metadata.ts';
import type { Rules } from '../../api/validation/index.ts';
import { compileFor, compileMutation } from './compiling.ts';
import { validateMatchConditions, validateRules, withScope } from './operation-rules.ts';
import type { Binding, BindingSpec, MatchResources, MutatingSpec, Policy, PolicySpec } from './policy.ts';

const filled = (constraints: MatchResources): MatchResources => ({
  matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, ...constraints,
  ...(constraints.resourceRules === undefined ? {} : { resourceRules: constraints.resourceRules.map(withScope) }),
  ...(constraints.excludeResourceRules === undefined ? {} : { excludeResourceRules: constraints.excludeResourceRules.map(withScope) }),
});

export const defaultPolicy = (policy: Policy): Policy => {
  const spec: PolicySpec = policy.spec ?? {};
  return { ...policy, spec: { failurePolicy: 'Fail', ...spec, ...(spec.matchConstraints === undefined ? {} : { matchConstraints: filled(spec.matchConstraints) }) } };
};
export const defaultBinding = (binding: Binding): Binding => {
  const spec: BindingSpec = binding.spec ?? {};
  return spec.matchResources === undefined ? { ...binding, spec } : { ...binding, spec: { ...spec, matchResources: filled(spec.matchResources) } };
};

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
function validateExpression(errors: Errors, spec: PolicySpec, expression: string | undefined, path: string, wanted: 'bool' | 'string' | 'any', variables: number, missing = ''): void {
  const text = (expression ?? '').trim();
  if (text === '') return void errors.push(required(path, missing));
  const compiled = compileFor(spec, text, wanted, variables);
  if (typeof compiled === 'string') errors.push(invalid(path, expression, compiled));
}

/** What both sorts of policies have: which requests they are about, and what their expressions know. */
function validateAbout(errors: Errors, spec: PolicySpec): void {
  if (!['Fail', 'Ignore'].includes(spec.failurePolicy ?? '')) errors.push(notSupported('spec.failurePolicy', spec.failurePolicy, ['Fail', 'Ignore']));
  if (spec.paramKind !== undefined) {
    if (!spec.paramKind.apiVersion) errors.push(required('spec.paramKind.apiVersion'));
    if (!spec.paramKind.kind) errors.push(required('spec.paramKind.kind'));
  }
  if (spec.matchConstraints === undefined) errors.push(required('spec.matchConstraints'));
  else {
    const { resourceRules = [], excludeResourceRules = [] } = spec.matchConstraints;
    if (resourceRules.length === 0) errors.push(required('spec.matchConstraints.resourceRules'));
    validateRules(errors, resourceRules, 'spec.matchConstraints.resourceRules');
    validateRules(errors, excludeResourceRules, 'spec.matchConstraints.excludeResourceRules');
  }
  validateMatchConditions(errors, spec.matchConditions ?? [], 'spec.matchConditions', spec);
  (spec.variables ?? []).forEach(({ name, expression }, index) => {
    const at = `spec.variables[${index}]`;
    if (!name) errors.push(required(`${at}.name`, 'name is not specified'));
    else if (!/^[A-Za-z_]\w*$/.test(name)) errors.push(invalid(`${at}.name`, name, 'name is not a valid CEL identifier'));
    validateExpression(errors, spec, expression, `${at}.expression`, 'any', index, 'expression is not specified');
  });
}

function validatePolicySpec(errors: Errors, spec: PolicySpec): void {
  const all = spec.variables?.length ?? 0;
  validateAbout(errors, spec);
  if ((spec.validations ?? []).length === 0 && (spec.auditAnnotations ?? []).length === 0) errors.push(required('spec.validations', 'validations or auditAnnotations must contain at least one item'));
  (spec.validations ?? []).forEach(({ expression, message, messageExpression, reason }, index) => {
    const at = `spec.validations[${index}]`;
    validateExpression(errors, spec, expression, `${at}.expression`, 'bool', all, 'expression is not specified');
    if (messageExpression !== undefined && messageExpression !== '') validateExpression(errors, spec, messageExpression, `${at}.messageExpression`, 'string', all);
    if (message?.includes('\n')) errors.push(invalid(`${at}.message`, message, 'message must not contain line breaks'));
    else if (message !== undefined && message !== '' && message.trim() === '') errors.push(invalid(`${at}.message`, message, 'message must be non-empty if specified'));
    if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons));
  });
  (spec.auditAnnotations ?? []).forEach(({ key, valueExpression }, index) => {
    const at = `spec.auditAnnotations[${index}]`;
    if (!key) errors.push(required(`${at}.key`));
    validateExpression(errors, spec, valueExpression, `${at}.valueExpression`, 'any', all, 'valueExpression is not specified');
  });
}

const mutable = ['CREATE', 'UPDATE'];

function validateMutatingSpec(errors: Errors, spec: MutatingSpec): void {
  validateAbout(errors, spec);
  for (const { operations = [] } of spec.matchConstraints?.resourceRules ?? []) for (const one of operations) if (!mutable.includes(one)) errors.push(notSupported('spec.matchConstraints.resourceRules.operations', one, mutable));
  const { mutations = [], reinvocationPolicy = '' } = spec;
  if (mutations.length === 0) errors.push(required('spec.mutations', 'mutations must contain at least one item'));
  mutations.forEach((mutation, index) => {
    const at = `spec.mutations[${index}]`;
    const { patchType = '', applyConfiguration, jsonPatch } = mutation;
    if (patchType === '') return void errors.push(required(`${at}.patchType`));
    if (patchType !== 'ApplyConfiguration' && patchType !== 'JSONPatch') return void errors.push(notSupported(`${at}.patchType`, patchType, ['ApplyConfiguration', 'JSONPatch']));
    const [field, given] = patchType === 'JSONPatch' ? ['jsonPatch', jsonPatch] as const : ['applyConfiguration', applyConfiguration] as const;
    if (given === undefined) return void errors.push(required(`${at}.${field}`, `must be specified when patchType is ${patchType}`));
    const { expression, program } = compileMutation(spec, mutation);
    if (expression === '') errors.push(required(`${at}.${field}.expression`, 'expression is not specified'));
    else if (typeof program === 'string') errors.push(invalid(`${at}.${field}.expression`, given.expression, program));
    return undefined;
  });
  if (reinvocationPolicy === '') errors.push(required('spec.reinvocationPolicy'));
  else if (!['IfNeeded', 'Never'].includes(reinvocationPolicy)) errors.push(notSupported('spec.reinvocationPolicy', reinvocationPolicy, ['IfNeeded', 'Never']));
}

const actions = ['Audit', 'Deny', 'Warn'];

function validateBound(errors: Errors, { policyName, paramRef, matchResources }: BindingSpec): void {
  if (!policyName) errors.push(required('spec.policyName'));
  if (paramRef !== undefined) {
    if (paramRef.name && paramRef.selector !== undefined) errors.push(invalid('spec.paramRef', paramRef, 'name and selector are mutually exclusive'));
    else if (!paramRef.name && paramRef.selector === undefined) errors.push(required('spec.paramRef', 'one of name or selector must be specified'));
    if (paramRef.parameterNotFoundAction === undefined) errors.push(required('spec.paramRef.parameterNotFoundAction'));
    else if (!['Deny', 'Allow'].includes(paramRef.parameterNotFoundAction)) errors.push(notSupported('spec.paramRef.parameterNotFoundAction', paramRef.parameterNotFoundAction, ['Deny', 'Allow']));
  }
  if (matchResources !== undefined) {
    validateRules(errors, matchResources.resourceRules ?? [], 'spec.matchResources.resourceRules');
    validateRules(errors, matchResources.excludeResourceRules ?? [], 'spec.matchResources.excludeResourceRules');
  }
}

function validateBindingSpec(errors: Errors, spec: BindingSpec): void {
  const { validationActions = [] } = spec;
  validateBound(errors, spec);
  if (validationActions.length === 0) errors.push(required('spec.validationActions', 'at least one validation action is required'));
  validationActions.forEach((action, index) => { if (!actions.includes(action)) errors.push(notSupported(`spec.validationActions[${index}]`, action, actions)); });
  if (validationActions.includes('Deny') && validationActions.includes('Warn')) errors.push(invalid('spec.validationActions', validationActions, 'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'));
}

const rules = <Spec>(judge: (errors: Errors, spec: Spec) => void): Rules<never> => ({
  create(errors: Errors, object: { readonly metadata: never; readonly spec: Spec }) {
    validateMetadata(errors, object.metadata, false, subdomainName);
    judge(errors, object.spec);
  },
  update(errors: Errors, object: { readonly metadata: never; readonly spec: Spec }, old: { readonly metadata: never; readonly spec: Spec }) {
    validateMetadataUpdate(errors, object.metadata, old.metadata);
    if (object.spec !== old.spec) judge(errors, object.spec);
  },
}) as unknown as Rules<never>;

export const policyRules = rules(validatePolicySpec);
export const bindingRules = rules(validateBindingSpec);
export const mutatingPolicyRules = rules(validateMutatingSpec);
export const mutatingBindingRules = rules(validateBound);
