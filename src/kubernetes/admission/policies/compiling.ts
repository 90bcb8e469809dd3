/** A policy's expressions, compiled once. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/cel/{compile,composition}.go. */
import { isCompileError, type CelExpression, type CelNames } from '../../cel/cel.ts';
import { cel } from '../../cel/index.ts';
import type { MutatingPolicy, MutatingSpec, Mutation, Policy, PolicySpec, Validation } from './policy.ts';

/** Either what runs, or why it can not. */
export type Compiled = CelExpression | string;

export interface CompiledNames {
  readonly conditions: readonly { readonly expression: string; readonly program: Compiled }[];
  readonly variables: readonly { readonly name: string; readonly program: Compiled }[];
}
export interface CompiledPolicy extends CompiledNames {
  readonly validations: readonly { readonly validation: Validation; readonly program: Compiled; readonly message: Compiled | undefined }[];
}

export interface CompiledMutations extends CompiledNames {
  readonly mutations: readonly { readonly mutation: Mutation; readonly expression: string; readonly program: Compiled }[];
}

const names = ({ paramKind }: PolicySpec, more: CelNames = {}): CelNames =>
  ({ object: 'dyn', oldObject: 'dyn', request: 'dyn', namespaceObject: 'dyn', authorizer: 'authorizer', ...(paramKind === undefined ? {} : { params: 'dyn' }), ...more });

/** What an expression may give. */
export type Wanted = 'bool' | 'string' | 'any' | 'Object' | 'list(JSONPatch)';

function gives({ type }: CelExpression, wanted: Wanted): boolean {
  return wanted === 'any' || type === 'dyn' || type === wanted || (wanted === 'list(JSONPatch)' && type.startsWith('list'));
}

/** Compiles an expression of a policy that knows the variables before it; the refusal is worded as upstream's details are. */
export function compileFor(spec: PolicySpec, expression: string, wanted: Wanted, variables: number): Compiled {
  const known = (spec.variables ?? []).slice(0, variables).map(({ name }) => name);
  const unknown = [...expression.matchAll(/(?<![\w.])variables\.([A-Za-z_]\w*)/g)].find(([, name]) => !known.includes(name!));
  if (unknown !== undefined) {
    const column = unknown.index + 'variables'.length;
    return `compilation failed: ERROR: <input>:1:${column + 1}: undefined field '${unknown[1]}'\n | ${expression}\n | ${'.'.repeat(column)}^`;
  }
  const mutates = wanted === 'Object' || wanted === 'list(JSONPatch)';
  const compiled = cel.compile(expression, names(spec, { variables: 'map' }), mutates);
  if (isCompileError(compiled)) return `compilation failed: ${compiled.compileError}`;
  return gives(compiled, wanted) ? compiled : `must evaluate to ${wanted}${mutates ? ` but got ${compiled.type}` : ''}`;
}

const known = new WeakMap<object, CompiledPolicy>();
const knownMutations = new WeakMap<object, CompiledMutations>();

/** A policy as it is stored: objects are never changed, so each is compiled once. */
export function compiledPolicy(policy: Policy): CompiledPolicy {
  let compiled = known.get(policy);
  if (compiled === undefined) known.set(policy, compiled = compileAll(policy.spec));
  return compiled;
}

export function compiledMutations(policy: MutatingPolicy): CompiledMutations {
  let compiled = knownMutations.get(policy);
  if (compiled === undefined) knownMutations.set(policy, compiled = { ...compileNames(policy.spec), mutations: (policy.spec.mutations ?? []).map((mutation) => compileMutation(policy.spec, mutation)) });
  return compiled;
}

const text = (expression: string | undefined): string => (expression ?? '').trim();

/** The expression of a mutation, of whichever type it is. */
export function compileMutation(spec: MutatingSpec, mutation: Mutation): CompiledMutations['mutations'][number] {
  const applies = mutation.patchType === 'ApplyConfiguration';
  const expression = text((applies ? mutation.applyConfiguration : mutation.jsonPatch)?.expression);
  return { mutation, expression, program: compileFor(spec, expression, applies ? 'Object' : 'list(JSONPatch)', spec.variables?.length ?? 0) };
}

function compileNames(spec: PolicySpec): CompiledNames {
  return {
    // Conditions come before the variables.
    conditions: (spec.matchConditions ?? []).map(({ expression }) => ({ expression: text(expression), program: compileFor(spec, text(expression), 'bool', 0) })),
    variables: (spec.variables ?? []).map(({ name = '', expression }, index) => ({ name, program: compileFor(spec, text(expression), 'any', index) })),
  };
}

function compileAll(spec: PolicySpec): CompiledPolicy {
  const all = spec.variables?.length ?? 0;
  return {
    ...compileNames(spec),
    validations: (spec.validations ?? []).map((validation) => ({
      validation, program: compileFor(spec, text(validation.expression), 'bool', all), message: text(validation.messageExpression) === '' ? undefined : compileFor(spec, text(validation.messageExpression), 'string', all),
    })),
  };
}
