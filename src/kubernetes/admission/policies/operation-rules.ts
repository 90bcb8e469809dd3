/** Which requests a webhook or a policy is about: what such a rule may be. Models pkg/apis/admissionregistration/validation/validation.go: validateRuleWithOperations. */
import { duplicate, invalid, notSupported, required, tooMany } from '../../apimachinery/field-errors.ts';
import { qualifiedNameErrors } from '../../apimachinery/names.ts';
import { pushInvalid, type Errors } from '../../api/validation/metadata.ts';
import { compileFor } from './compiling.ts';
import type { NamedExpression, PolicySpec, Rule } from './policy.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

export const withScope = (rule: Rule): Rule => ({ scope: '*', ...rule });

export function validateRules(errors: Errors, rules: readonly Rule[], path: string): void {
  rules.forEach((rule, index) => {
    const { apiGroups = [], apiVersions = [], resources = [], operations: asked = [], scope = '*' } = rule;
    const at = `${path}[${index}]`;
    if (asked.length === 0) errors.push(required(`${at}.operations`));
    if (asked.length > 1 && asked.includes('*')) errors.push(invalid(`${at}.operations`, asked, "if '*' is present, must not specify other operations"));
    asked.forEach((one, i) => { if (!operations.includes(one)) errors.push(notSupported(`${at}.operations[${i}]`, one, operations)); });
    if (apiGroups.length === 0) errors.push(required(`${at}.apiGroups`));
    if (apiGroups.length > 1 && apiGroups.includes('*')) errors.push(invalid(`${at}.apiGroups`, apiGroups, "if '*' is present, must not specify other API groups"));
    if (apiVersions.length === 0) errors.push(required(`${at}.apiVersions`));
    if (apiVersions.length > 1 && apiVersions.includes('*')) errors.push(invalid(`${at}.apiVersions`, apiVersions, "if '*' is present, must not specify other API versions"));
    apiVersions.forEach((version, i) => { if (version === '') errors.push(required(`${at}.apiVersions[${i}]`)); });
    validateResources(errors, resources, `${at}.resources`);
    if (!scopes.includes(scope)) errors.push(notSupported(`${at}.scope`, scope, scopes));
  });
}

function validateResources(errors: Errors, resources: readonly string[], path: string): void {
  if (resources.length === 0) errors.push(required(path));
  const wholeParts = new Set<string>();
  const everywhere = new Set<string>();
  let bare = false;
  resources.forEach((wanted, i) => {
    if (wanted === '') return void errors.push(required(`${path}[${i}]`));
    const slash = wanted.indexOf('/');
    if (slash < 0) { bare = wanted !== '*'; return undefined; }
    const [name, part] = [wanted.slice(0, slash), wanted.slice(slash + 1)];
    if (wholeParts.has(name)) errors.push(invalid(`${path}[${i}]`, wanted, `if '${name}/*' is present, must not specify ${wanted}`));
    if (everywhere.has(part)) errors.push(invalid(`${path}[${i}]`, wanted, `if '*/${part}' is present, must not specify ${wanted}`));
    if (part === '*') wholeParts.add(name);
    if (name === '*') everywhere.add(part);
    return undefined;
  });
  if (resources.length > 1 && resources.includes('*/*')) errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && bare) errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
}

const mostConditions = 64;

/** Models validateMatchConditions. */
export function validateMatchConditions(errors: Errors, conditions: readonly NamedExpression[], path: string, spec: PolicySpec = {}): void {
  if (conditions.length > mostConditions) errors.push(tooMany(path, conditions.length, mostConditions));
  const names = new Set<string>();
  conditions.forEach(({ name = '', expression = '' }, index) => {
    const at = `${path}[${index}]`;
    const text = expression.trim();
    const compiled = text === '' ? undefined : compileFor(spec, text, 'bool', 0);
    if (text === '') errors.push(required(`${at}.expression`));
    else if (typeof compiled === 'string') errors.push(invalid(`${at}.expression`, text, compiled));
    if (name === '') errors.push(required(`${at}.name`));
    else pushInvalid(errors, `${at}.name`, name, qualifiedNameErrors(name));
    if (name !== '' && names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
  });
}
