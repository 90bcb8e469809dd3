/** What is read of ValidatingAdmissionPolicies, MutatingAdmissionPolicies and their bindings. Models staging/src/k8s.io/api/admissionregistration/v1/types.go. */
import type { LabelSelector } from '../../api/index.ts';
import type { Of } from '../../api/kept-specs.ts';

export interface Rule {
  readonly apiGroups?: readonly string[]; readonly apiVersions?: readonly string[]; readonly resources?: readonly string[]; readonly operations?: readonly string[];
  readonly resourceNames?: readonly string[]; readonly scope?: string;
}
export interface MatchResources {
  readonly namespaceSelector?: LabelSelector; readonly objectSelector?: LabelSelector; readonly resourceRules?: readonly Rule[]; readonly excludeResourceRules?: readonly Rule[]; readonly matchPolicy?: string;
}
export interface NamedExpression { readonly name?: string; readonly expression?: string }
export interface Validation { readonly expression?: string; readonly message?: string; readonly messageExpression?: string; readonly reason?: string }
export interface PolicySpec {
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string }; readonly matchConstraints?: MatchResources; readonly matchConditions?: readonly NamedExpression[];
  readonly variables?: readonly NamedExpression[]; readonly validations?: readonly Validation[]; readonly auditAnnotations?: readonly { readonly key?: string; readonly valueExpression?: string }[];
  readonly failurePolicy?: string;
}
export interface BindingSpec {
  readonly policyName?: string; readonly matchResources?: MatchResources; readonly validationActions?: readonly string[];
  readonly paramRef?: { readonly name?: string; readonly namespace?: string; readonly selector?: LabelSelector; readonly parameterNotFoundAction?: string };
}
export interface Mutation { readonly patchType?: string; readonly applyConfiguration?: { readonly expression?: string }; readonly jsonPatch?: { readonly expression?: string } }
export interface MutatingSpec extends Omit<PolicySpec, 'validations' | 'auditAnnotations'> { readonly mutations?: readonly Mutation[]; readonly reinvocationPolicy?: string }
export type MutatingPolicy = Of<MutatingSpec>;
export type Policy = Of<PolicySpec>;
export type Binding = Of<BindingSpec>;
