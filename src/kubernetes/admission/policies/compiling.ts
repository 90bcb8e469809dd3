/** A policy's expressions, compiled once. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/cel/{compile,composition}.go. */
import { isCompileError, type CelExpression, type CelNames } from '../../cel/cel.ts';
import { cel } from '../../cel/index.ts';
import type { Policy, PolicySpec, Validation } from './policy.ts';

/** Either what runs, or why it can not. */
export type Compiled = CelExpression | string;

export interface CompiledPolicy {
  readonly conditions: readonly { readonly expression: string; readonly program: Compiled }[];
  readonly variables: readonly { readonly name: string; readonly program: Compiled }[];
  readonly validations: readonly { readonly validation: Validation; readonly program: Compiled; readonly message: Compiled | undefined }[];
}

const names = ({ paramKind }: PolicySpec, more: CelNames = {}): CelNames =>
  ({ object: 'dyn', oldObject: 'dyn', request: 'dyn', namespaceObject: 'dyn', authorizer: 'authorizer', ...(paramKind === undefined ? {} : { params: 'dyn' }), ...more });

/** Compiles an expression of a policy that knows the variables before it; the refusal is worded as upstream's details are. */
export function compileFor(spec: PolicySpec, expression: string, wanted: 'bool' | 'string' | 'any', variables: number): Compiled {
  const known = (spec.variables ?? []).slice(0, variables).map(({ name }) => name);
  const unknown = [...expression.matchAll(/(?<![\w.])variables\.([A-Za-z_]\w*)/g)].find(([, name]) => !known.includes(name!));
  if (unknown !== undefined) {
    const column = unknown.index + 'variables'.length;
    return `compilation failed: ERROR: <input>:1:${column + 1}: undefined field '${unknown[1]}'\n | ${expression}\n | ${'.'.repeat(column)}^`;
  }
  const compiled = cel.compile(expression, names(spec, { variables: 'map' }));
  if (isCompileError(compiled)) return `compilation failed: ${compiled.compileError}`;
  return wanted === 'any' || compiled.type === wanted || compiled.type === 'dyn' ? compiled : `must evaluate to ${wanted}`;
}

const known = new WeakMap<Policy, CompiledPolicy>();

/** A policy as it is stored: objects are never changed, so each is compiled once. */
export function compiledPolicy(policy: Policy): CompiledPolicy {
  let compiled = known.get(policy);
  if (compiled === undefined) known.set(policy, compiled = compileAll(policy.spec));
  return compiled;
}

function compileAll(spec: PolicySpec): CompiledPolicy {
  const all = spec.variables?.length ?? 0;
  const text = (expression: string | undefined): string => (expression ?? '').trim();
  return {
    // Conditions come before the variables.
    conditions: (spec.matchConditions ?? []).map(({ expression }) => ({ expression: text(expression), program: compileFor(spec, text(expression), 'bool', 0) })),
    variables: (spec.variables ?? []).map(({ name = '', expression }, index) => ({ name, program: compileFor(spec, text(expression), 'any', index) })),
    validations: (spec.validations ?? []).map((validation) => ({
      validation, program: compileFor(spec, text(validation.expression), 'bool', all), message: text(validation.messageExpression) === '' ? undefined : compileFor(spec, text(validation.messageExpression), 'string', all),
    })),
  };
}
