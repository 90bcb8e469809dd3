/** What a policy says of a request. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/{validator,dispatcher}.go. */
import type { KubeObject } from '../../api/index.ts';
import type { CelOutcome, CelValues } from '../../cel/cel.ts';
import { cel } from '../../cel/index.ts';
import { aggregate } from '../limit-ranges.ts';
import { compiledPolicy, type Compiled, type CompiledNames } from './compiling.ts';
import { requestOf, type Asked } from './asked.ts';
import type { Policy } from './policy.ts';

/** Something against the request. An error has no reason of its own. */
export interface Denial { readonly message: string; readonly reason: string }
/** May a user do this: what `authorizer` asks. */
export type Authorize = (asked: { readonly [field: string]: string }) => { readonly allowed: boolean; readonly reason: string };

const requests = new WeakMap<Asked, object>();
export const run = (program: Compiled, values: CelValues): CelOutcome => (typeof program === 'string' ? { error: `compilation error: ${program}` } : program.evaluate(values));

/** What every expression about a request knows. */
export function valuesOf(asked: Asked, authorize: Authorize): CelValues {
  let request = requests.get(asked);
  if (request === undefined) requests.set(asked, request = requestOf(asked));
  return { object: asked.object, oldObject: asked.old, request, namespaceObject: asked.namespaceObject, authorizer: cel.authorizer(authorize, asked.user.name) };
}

/** What the expressions of a policy know besides. */
export function valuesFor(compiled: CompiledNames, asked: Asked, params: KubeObject | null, authorize: Authorize): CelValues {
  const plain = { ...valuesOf(asked, authorize), params };
  const values: CelValues = {
    ...plain,
    variables: cel.lazily(Object.fromEntries(compiled.variables.map(({ name, program }) => [name, (): CelOutcome => {
      const outcome = run(program, values);
      return 'error' in outcome ? { error: `composited variable ${JSON.stringify(name)} fails to evaluate: ${outcome.error}` } : outcome;
    }]))),
  };
  return values;
}

export const failed = (expression: string, error: string): string => `expression '${expression}' resulted in error: ${error}`;

/** Whether all conditions hold: one that does not is enough, whatever is wrong with others. Models plugin/webhook/matchconditions/matcher.go. */
export function meets(conditions: CompiledNames['conditions'], values: CelValues): boolean | { readonly error: string } {
  const broken: string[] = [];
  for (const { expression, program } of conditions) {
    const outcome = run(program, values);
    if ('error' in outcome) broken.push(failed(expression, outcome.error));
    else if (outcome.value !== true) return false;
  }
  return broken.length === 0 ? true : { error: aggregate(broken) };
}

/** What is against the request under one object of parameters; an error counts only where the policy fails by them. */
export function evaluatePolicy(policy: Policy, asked: Asked, params: KubeObject | null, authorize: Authorize): readonly Denial[] {
  const compiled = compiledPolicy(policy);
  const values = valuesFor(compiled, asked, params, authorize);
  const error = (message: string): readonly Denial[] => (policy.spec.failurePolicy === 'Ignore' ? [] : [{ message, reason: '' }]);
  const met = meets(compiled.conditions, values);
  if (met === false) return [];
  if (typeof met !== 'boolean') return error(met.error);
  return compiled.validations.flatMap(({ validation, program, message }) => {
    const outcome = run(program, values);
    if ('error' in outcome) return error(failed((validation.expression ?? '').trim(), outcome.error));
    return outcome.value === true ? [] : [{ message: messageOf(validation, message, values), reason: validation.reason ?? 'Invalid' }];
  });
}

/** The longest text a message may be made of. Models apis/cel/config.go: MaxEvaluatedMessageExpressionSizeBytes. */
const longestMessage = 5 * 1024;

function messageOf({ expression = '', message = '' }: { readonly expression?: string; readonly message?: string }, program: Compiled | undefined, values: CelValues): string {
  const outcome = program === undefined ? undefined : run(program, values);
  if (outcome !== undefined && 'value' in outcome && typeof outcome.value === 'string') {
    const text = outcome.value.trim();
    if (text !== '' && text.length <= longestMessage && !text.includes('\n')) return text;
  }
  return message.trim() || `failed expression: ${expression.trim()}`;
}
