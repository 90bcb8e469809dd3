/** What a MutatingAdmissionPolicy makes of an object. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/mutating/{dispatcher.go,patch/smd.go,patch/json_patch.go}. */
import type { KubeObject } from '../../api/index.ts';
import { applyJsonPatch, JsonPatchError, type JsonPatchOperation } from '../../apimachinery/json-patch.ts';
import { atomicsIn, merge, mergeProblems, withoutOwnerless, type Shape } from '../../structured-merge/index.ts';
import type { Asked } from './asked.ts';
import { compiledMutations } from './compiling.ts';
import { failed, meets, run, valuesFor, type Authorize } from './evaluating.ts';
import type { MutatingPolicy } from './policy.ts';

type Patched = { readonly body: unknown } | { readonly error: string };

/** Whether its conditions hold for the request. */
export function isMutated(policy: MutatingPolicy, asked: Asked, params: KubeObject | null, authorize: Authorize): boolean | { readonly error: string } {
  const compiled = compiledMutations(policy);
  return compiled.conditions.length === 0 || meets(compiled.conditions, valuesFor(compiled, asked, params, authorize));
}

/** The object with one mutation of the policy. */
export function mutated(policy: MutatingPolicy, index: number, asked: Asked, params: KubeObject | null, authorize: Authorize, shape: Shape): Patched {
  const compiled = compiledMutations(policy);
  const { mutation, expression, program } = compiled.mutations[index]!;
  const outcome = run(program, valuesFor(compiled, asked, params, authorize));
  if ('error' in outcome) return { error: outcome.error.startsWith('type mismatch: ') ? outcome.error : failed(expression, outcome.error) };
  return mutation.patchType === 'ApplyConfiguration' ? applied(outcome.value, asked.object!, shape) : patched(outcome.value, asked.object!);
}

/** What is atomic would lose the parts that the configuration does not speak of: it is refused. */
function applied(value: unknown, object: KubeObject, shape: Shape): Patched {
  const wrong = (words: string): Patched => ({ error: `error applying patch: ${words}` });
  const config = withoutOwnerless(value as Readonly<Record<string, unknown>>);
  const problems = mergeProblems(shape, config);
  if (problems.length > 0) return wrong(`failed to convert patch object to typed object: ${problems.length === 1 ? problems[0]! : `errors:\n${problems.map((one) => `  ${one}`).join('\n')}`}`);
  const atomics = atomicsIn(shape, config);
  return atomics.length > 0 ? wrong(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`) : { body: merge(shape, object, config) };
}

/** A patch whose test fails leaves the object as it is. */
function patched(value: unknown, object: KubeObject): Patched {
  if (!Array.isArray(value)) return { error: 'type mismatch: JSONPatchType.expression should evaluate to array' };
  try {
    return { body: applyJsonPatch(object, value.map(({ op = '', path = '', from = '', ...rest }: Partial<Record<'op' | 'path' | 'from' | 'value', unknown>>) => ({ op, path, ...(from === '' ? {} : { from }), ...rest })) as readonly JsonPatchOperation[]) };
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    return /^testing value .* failed/.test(error.message) ? { body: object } : { error: `JSON Patch: ${error.message}` };
  }
}
