/**
 * What the API server must know of the kinds that only manifests bring: their types, defaults and rules. Loaded with the reader of manifests, so that
 * a page that shows a running cluster need not fetch it; a world without manifests never asks for it.
 */
import * as limitRanges from './admission/limit-ranges.ts';
import { namespaceWarnings, templateOf, violation } from './admission/pod-security/evaluate.ts';
import { policyOf, strictness } from './admission/pod-security/policy.ts';
import { evaluatePolicy } from './admission/policies/evaluating.ts';
import { isMutated, mutated } from './admission/policies/mutating.ts';
import { matches } from './admission/policies/matching.ts';
import { bindingRules as policyBindingRules, defaultBinding, defaultPolicy, mutatingBindingRules, mutatingPolicyRules, policyRules } from './admission/policies/rules.ts';
import { answerOfAgnhost } from './admission/webhooks/agnhost.ts';
import { isAbout as isWebhookAbout, isAsked } from './admission/webhooks/matching.ts';
import { denialBy, patchedBy, responseIn, reviewOf } from './admission/webhooks/review.ts';
import { defaultMutating, defaultValidating, webhookRules } from './admission/webhooks/rules.ts';
import { checkQuotas } from './admission/quota/check.ts';
import { isAbout } from './admission/quota/scopes.ts';
import { quotaNames, usageOf } from './admission/quota/usage.ts';
import { addDefaults } from './api/defaults/index.ts';
import { keptDefaults } from './api/defaults/kept-kinds.ts';
import { servedResources } from './api/served-resources.ts';
import * as podParts from './api/validation/core-v1-pod-subresources.ts';
import { addRules } from './api/validation/index.ts';
import { keptRules } from './api/validation/kept-kinds.ts';
import { answerOfConverter } from './apiextensions/agnhost-converter.ts';
import { defaultDefinition, definitionRules } from './apiextensions/rules.ts';
import { customResources } from './apiextensions/serving.ts';
import { cel } from './cel/index.ts';
import { addLateParts } from './late-parts.ts';
import { keptTypeTable } from './schema/kept-types.gen.ts';
import { addTypes } from './schema/types.ts';
import * as volumes from './storage/pod-volumes.ts';

addTypes(keptTypeTable);
addDefaults(Object.fromEntries(servedResources.filter(({ actedOn }) => !actedOn).map(({ kind }) => [kind, (object: never) => object])));
addDefaults({ ...keptDefaults, ValidatingAdmissionPolicy: defaultPolicy as never, ValidatingAdmissionPolicyBinding: defaultBinding as never, CustomResourceDefinition: defaultDefinition });
addDefaults({ MutatingAdmissionPolicy: defaultPolicy as never, MutatingAdmissionPolicyBinding: defaultBinding as never, MutatingWebhookConfiguration: defaultMutating as never, ValidatingWebhookConfiguration: defaultValidating as never });
addRules({ ...keptRules, ValidatingAdmissionPolicy: policyRules, ValidatingAdmissionPolicyBinding: policyBindingRules, CustomResourceDefinition: definitionRules, MutatingAdmissionPolicy: mutatingPolicyRules, MutatingAdmissionPolicyBinding: mutatingBindingRules, MutatingWebhookConfiguration: webhookRules, ValidatingWebhookConfiguration: webhookRules });
addLateParts({ volumes, cel, customResources, limitRanges, podParts, podSecurity: { policyOf, strictness, violation, templateOf, namespaceWarnings }, policies: { matches, evaluate: evaluatePolicy, isMutated, mutated }, webhooks: { isAbout: isWebhookAbout, isAsked, reviewOf, responseIn, denialBy, patchedBy }, answerOfAgnhost, answerOfConverter, quota: { check: checkQuotas, isAbout, usageOf, quotaNames } });
