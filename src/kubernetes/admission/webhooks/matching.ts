/** Whether a webhook is to be asked. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/{generic/webhook.go: ShouldCallHook,matchconditions/matcher.go}. */
import { compileFor, type Compiled } from '../policies/compiling.ts';
import type { Asked } from '../policies/asked.ts';
import { meets, valuesOf, type Authorize } from '../policies/evaluating.ts';
import { matches } from '../policies/matching.ts';
import type { Webhook } from './webhook.ts';

const known = new WeakMap<object, readonly { readonly expression: string; readonly program: Compiled }[]>();

/** Configurations are never changed, so each condition is compiled once. */
function conditionsOf(hook: Webhook) {
  let conditions = known.get(hook);
  if (conditions === undefined) {
    conditions = (hook.matchConditions ?? []).map(({ expression = '' }) => ({ expression: expression.trim(), program: compileFor({}, expression.trim(), 'bool', 0) }));
    known.set(hook, conditions);
  }
  return conditions;
}

/** Whether its rules and selectors take the request in. */
export const isAbout = (hook: Webhook, asked: Asked): boolean => matches({ namespaceSelector: hook.namespaceSelector, objectSelector: hook.objectSelector, resourceRules: hook.rules }, asked, false);

/** Whether its conditions let it be asked. One that fails to evaluate is an error, unless failures are ignored or another says no. */
export function isAsked(hook: Webhook, asked: Asked, authorize: Authorize): boolean | { readonly error: string } {
  const conditions = conditionsOf(hook);
  if (conditions.length === 0) return true;
  const met = meets(conditions, valuesOf(asked, authorize));
  return typeof met === 'boolean' ? met : hook.failurePolicy === 'Ignore' ? false : met;
}
