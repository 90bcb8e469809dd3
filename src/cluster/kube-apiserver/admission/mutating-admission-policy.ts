import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import type { Asked } from '../../../kubernetes/admission/policies/asked.ts';
import type { Binding, MutatingPolicy, Policy } from '../../../kubernetes/admission/policies/policy.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import { shapeIn } from '../managed-fields.ts';
import type { Served } from '../served.ts';
import { AskedVersions, isExempt } from './asking.ts';
import type { AdmissionContext, AdmissionPlugin, LookUp } from './plugin.ts';
import { paramsOf } from './policy-params.ts';
import { Reinvocation } from './reinvocation.ts';

const policies = 'mutatingadmissionpolicies.admissionregistration.k8s.io';
export const mutatingBindings = 'mutatingadmissionpolicybindings.admissionregistration.k8s.io';

interface Invocation { readonly as: Served; readonly policy: MutatingPolicy; readonly binding: Binding; readonly params: KubeObject | null }
interface Problem { readonly message: string; readonly reason: string }

/** Models staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/mutating: expressions that change what is created or updated. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  admit(object, context) {
    const { inflight, isAny, operation } = context;
    if (!isAny(policies) || !isAny(mutatingBindings) || operation === 'DELETE' || isExempt(inflight)) return { object };
    const versions = new AskedVersions(object, context, operation === 'CREATE');
    const problems: Problem[] = [];
    const invocations = invocationsFor(versions, context, problems);
    if ('lookUp' in invocations) return invocations;
    const outcome = invokeAll(invocations, object, versions, context, problems);
    if ('refuse' in outcome) return outcome;
    return problems.length === 0 ? outcome : { refuse: refusalFor(problems, versions.own, context) };
  },
};

const denied = (policy: string, binding: string | undefined, error: string): string =>
  `policy ${binding === undefined ? JSON.stringify(policy) : `'${policy}' with binding '${binding}'`} denied request: ${error}`;

/** What is to be asked, in order. All of it is chosen by the object as it came, before the first policy changes it. */
function invocationsFor(versions: AskedVersions, context: AdmissionContext, problems: Problem[]): readonly Invocation[] | LookUp {
  const { matches } = latePart('policies');
  const bound = context.all(mutatingBindings, '') as unknown as readonly Binding[];
  const found: Invocation[] = [];
  for (const policy of context.all(policies, '') as unknown as readonly MutatingPolicy[]) {
    const own = bound.filter(({ spec }) => spec.policyName === policy.metadata.name);
    const as = own.length === 0 ? undefined : versions.find(policy.spec.matchConstraints?.matchPolicy, (asked) => matches(policy.spec.matchConstraints, asked, false));
    if (as === undefined) continue;
    for (const binding of own) {
      if (versions.find(binding.spec.matchResources?.matchPolicy, (asked) => matches(binding.spec.matchResources, asked, true)) === undefined) continue;
      const params = paramsOf(policy as unknown as Policy, binding, versions.own, context);
      if ('lookUp' in params) return params;
      if ('objects' in params) for (const one of params.objects) found.push({ as, policy, binding, params: one });
      else if (policy.spec.failurePolicy !== 'Ignore') problems.push({ message: denied(policy.metadata.name, params.of === 'binding' ? binding.metadata.name : undefined, `failed to configure ${params.of}: ${params.error}`), reason: '' });
    }
  }
  return found;
}

function invokeAll(invocations: readonly Invocation[], object: KubeObject, first: AskedVersions, context: AdmissionContext, problems: Problem[]): { readonly object: KubeObject } | { readonly refuse: Status } {
  const { isMutated, mutated } = latePart('policies');
  const turns = (context.reinvocation ?? new Reinvocation()).of('MutatingAdmissionPolicy');
  turns.begin(object);
  let current = object;
  let versions = first;
  for (const { as, policy, binding, params } of invocations) {
    const fails = (error: string): void => { if (policy.spec.failurePolicy !== 'Ignore') problems.push({ message: denied(policy.metadata.name, binding.metadata.name, error), reason: 'Invalid' }); };
    const wanted = isMutated(policy, versions.of(as), params, context.authorize);
    if (typeof wanted !== 'boolean') fails(wanted.error);
    const key = `${policy.metadata.name} ${binding.metadata.name} ${params?.metadata.namespace ?? ''}/${params?.metadata.name ?? ''}`;
    if (wanted !== true || turns.passesOver(key)) continue;
    const before = current;
    for (const index of (policy.spec.mutations ?? []).keys()) {
      const asked = versions.of(as);
      const outcome = mutated(policy, index, asked, params, context.authorize, shapeIn(as, asked.object!));
      if ('error' in outcome) { fails(outcome.error); continue; }
      const decoded = context.decode(outcome.body, current, as);
      if ('refuse' in decoded) return decoded;
      current = decoded.object;
      versions = new AskedVersions(current, context, context.operation === 'CREATE');
    }
    if (!deepEqual(before, current)) turns.changed();
    if (policy.spec.reinvocationPolicy === 'IfNeeded') turns.asked(key);
  }
  turns.end(current);
  return { object: current };
}

/** The first that went wrong speaks, and all are told. Models policy/generic/policy_dispatcher.go: Dispatch. */
function refusalFor(problems: readonly Problem[], { name }: Asked, { inflight: { served } }: AdmissionContext): Status {
  const [{ message, reason }] = problems as readonly [Problem];
  const refusal = forbiddenError(served.info, name, message);
  return { ...refusal, message, reason: (reason === '' ? 'Forbidden' : reason) as never, details: { ...refusal.details, causes: problems.map((one) => ({ message: one.message }) as never) } };
}
