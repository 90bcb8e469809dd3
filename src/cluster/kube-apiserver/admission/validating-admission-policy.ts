import type { Status, StatusReason } from '../../../kubernetes/api/index.ts';
import type { Asked } from '../../../kubernetes/admission/policies/asked.ts';
import type { Binding, Policy } from '../../../kubernetes/admission/policies/policy.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import { AskedVersions, isExempt } from './asking.ts';
import type { AdmissionContext, AdmissionPlugin, LookUp } from './plugin.ts';
import { paramsOf } from './policy-params.ts';

const group = 'admissionregistration.k8s.io';
const policies = `validatingadmissionpolicies.${group}`;
const bindings = `validatingadmissionpolicybindings.${group}`;
/** Models staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating: expressions that hold, request by request. Audit actions go nowhere: there is no audit log. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(object, context) {
    const { inflight, isAny, all } = context;
    if (!isAny(bindings) || !isAny(policies) || isExempt(inflight)) return undefined;
    const versions = new AskedVersions(object, context, false);
    const { matches } = latePart('policies');
    const bound = all(bindings, '') as unknown as readonly Binding[];
    let denied: Status | undefined;
    for (const policy of all(policies, '') as unknown as readonly Policy[]) {
      const own = bound.filter(({ spec }) => spec.policyName === policy.metadata.name);
      const as = own.length === 0 ? undefined : versions.find(policy.spec.matchConstraints?.matchPolicy, (asked) => matches(policy.spec.matchConstraints, asked, false));
      if (as === undefined) continue;
      for (const binding of own) {
        if (versions.find(binding.spec.matchResources?.matchPolicy, (asked) => matches(binding.spec.matchResources, asked, true)) === undefined) continue;
        const outcome = judge(policy, binding, versions.of(as), context);
        if (outcome !== undefined && 'lookUp' in outcome) return outcome;
        denied ??= outcome?.refuse;
      }
    }
    return denied === undefined ? undefined : { refuse: denied };
  },
};

function judge(policy: Policy, binding: Binding, asked: Asked, context: AdmissionContext): { readonly refuse: Status } | LookUp | undefined {
  const { inflight: { served }, warn, authorize } = context;
  const refused = (message: string, reason: string, bound = true): { readonly refuse: Status } => {
    const text = `ValidatingAdmissionPolicy '${policy.metadata.name}'${bound ? ` with binding '${binding.metadata.name}'` : ''} denied request: ${message}`;
    return { refuse: withReason(forbiddenError(served.info, asked.name, text), reason === '' ? 'Invalid' : reason, text) };
  };
  const params = paramsOf(policy, binding, asked, context);
  if ('lookUp' in params) return params;
  if ('error' in params) return policy.spec.failurePolicy === 'Ignore' ? undefined : refused(`failed to configure ${params.of}: ${params.error}`, '', params.of === 'binding');
  let refusal: { readonly refuse: Status } | undefined;
  for (const one of params.objects) {
    for (const { message, reason } of latePart('policies').evaluate(policy, asked, one, authorize)) {
      const actions = binding.spec.validationActions ?? [];
      if (actions.includes('Warn')) warn(`Validation failed for ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}': ${message}`);
      if (actions.includes('Deny')) refusal ??= refused(message, reason);
    }
  }
  return refusal;
}

const codes: { readonly [reason: string]: number | undefined } = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

/** Models validating/dispatcher.go: Dispatch, whose refusals are worded as forbidden and coded by their reason. */
function withReason(status: Status, reason: string, message: string): Status {
  return { ...status, reason: reason as StatusReason, code: codes[reason] ?? 422, details: { ...status.details, causes: [{ message } as never] } };
}

