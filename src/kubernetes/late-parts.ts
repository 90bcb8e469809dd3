/**
 * Parts that only manifests bring into play: filled by `kept-kinds.ts`, which is loaded with the reader of manifests. A world that no manifest
 * reached never asks for them; so the first load need not carry them, and nothing waits in the middle of a step.
 */
import type * as limitRanges from './admission/limit-ranges.ts';
import type { namespaceWarnings, templateOf, violation } from './admission/pod-security/evaluate.ts';
import type { policyOf, strictness } from './admission/pod-security/policy.ts';
import type { evaluatePolicy } from './admission/policies/evaluating.ts';
import type { isMutated, mutated } from './admission/policies/mutating.ts';
import type * as podParts from './api/validation/core-v1-pod-subresources.ts';
import type { matches } from './admission/policies/matching.ts';
import type { answerOfAgnhost } from './admission/webhooks/agnhost.ts';
import type { isAbout as isWebhookAbout, isAsked } from './admission/webhooks/matching.ts';
import type { denialBy, patchedBy, responseIn, reviewOf } from './admission/webhooks/review.ts';
import type { checkQuotas } from './admission/quota/check.ts';
import type { isAbout } from './admission/quota/scopes.ts';
import type { quotaNames, usageOf } from './admission/quota/usage.ts';
import type { answerOfConverter } from './apiextensions/agnhost-converter.ts';
import type { CustomResources } from './apiextensions/custom-kind.ts';
import type { Cel } from './cel/cel.ts';
import type * as volumes from './storage/pod-volumes.ts';

export interface LateParts {
  readonly cel: Cel;
  readonly limitRanges: typeof limitRanges;
  readonly podParts: typeof podParts;
  readonly podSecurity: {
    readonly policyOf: typeof policyOf; readonly strictness: typeof strictness; readonly violation: typeof violation; readonly templateOf: typeof templateOf; readonly namespaceWarnings: typeof namespaceWarnings;
  };
  readonly policies: { readonly matches: typeof matches; readonly evaluate: typeof evaluatePolicy; readonly isMutated: typeof isMutated; readonly mutated: typeof mutated };
  readonly webhooks: { readonly isAbout: typeof isWebhookAbout; readonly isAsked: typeof isAsked; readonly reviewOf: typeof reviewOf; readonly responseIn: typeof responseIn; readonly denialBy: typeof denialBy; readonly patchedBy: typeof patchedBy };
  readonly answerOfAgnhost: typeof answerOfAgnhost;
  readonly answerOfConverter: typeof answerOfConverter;
  readonly quota: { readonly check: typeof checkQuotas; readonly isAbout: typeof isAbout; readonly usageOf: typeof usageOf; readonly quotaNames: typeof quotaNames };
  readonly customResources: CustomResources;
  readonly volumes: typeof volumes;
}

const parts: Partial<LateParts> = {};

export function addLateParts(more: Partial<LateParts>): void {
  Object.assign(parts, more);
}

export function latePart<K extends keyof LateParts>(name: K): LateParts[K] {
  const part = parts[name];
  if (part === undefined) throw new Error(`${name} is not loaded: who lets manifests in must import kubernetes/kept-kinds`);
  return part as LateParts[K];
}
