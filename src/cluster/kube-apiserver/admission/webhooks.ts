/** The webhooks that are asked about a request, and what their answers do to it. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go. */
import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import type { Asked } from '../../../kubernetes/admission/policies/asked.ts';
import type { AdmissionResponse, Webhook, WebhookConfiguration } from '../../../kubernetes/admission/webhooks/webhook.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { forbiddenError, internalServerError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import type { Served } from '../served.ts';
import { AskedVersions, isExempt } from './asking.ts';
import type { Admission, AdmissionContext, AdmissionPlugin, Verdict } from './plugin.ts';
import { Reinvocation } from './reinvocation.ts';
import type { WebhookCall, WebhookOutcome } from './webhook-call.ts';

const configurations = { mutating: 'mutatingwebhookconfigurations.admissionregistration.k8s.io', validating: 'validatingwebhookconfigurations.admissionregistration.k8s.io' } as const;
export const mutatingConfigurations = configurations.mutating;
type Kind = keyof typeof configurations;

interface Hook { readonly id: string; readonly hook: Webhook }

/** By the names of their configurations, and in these as they stand. */
const hooksOf = (kind: Kind, { all }: AdmissionContext): readonly Hook[] =>
  (all(configurations[kind], '') as readonly WebhookConfiguration[]).flatMap(({ metadata, webhooks = [] }) => webhooks.map((hook) => ({ id: `${metadata.name}/${hook.name}`, hook })));

/** In which version a webhook is to be asked, if at all; its condition may fail, which refuses the request. */
function wants(hook: Webhook, versions: AskedVersions, { inflight, authorize }: AdmissionContext): Served | undefined | { readonly refuse: Status } {
  const { isAbout, isAsked } = latePart('webhooks');
  const as = versions.find(hook.matchPolicy, (asked) => isAbout(hook, asked));
  if (as === undefined) return undefined;
  const wanted = isAsked(hook, versions.of(as), authorize);
  return typeof wanted !== 'boolean' ? { refuse: forbiddenError(inflight.served.info, versions.own.name, wanted.error) } : wanted ? as : undefined;
}

/** A call is known by whom it asks in which round, about which state of the object. */
function callOf(kind: Kind, { id, hook }: Hook, asked: Asked, context: AdmissionContext, round = 0): WebhookCall {
  const state = context.old?.metadata.resourceVersion ?? (kind === 'validating' ? String(context.inflight.attempts) : '');
  return { key: `${kind}/${id}/${round}/${state}`, hook, review: (uid) => latePart('webhooks').reviewOf(asked, uid) };
}

/** What an answer means: the response of a webhook that lets the request pass, or a refusal, or (where failures are ignored) nothing. */
function meaningOf(kind: Kind, hook: Webhook, outcome: WebhookOutcome, { warn }: AdmissionContext): AdmissionResponse | { readonly refuse: Status } | undefined {
  const failed = (error: string) => (hook.failurePolicy === 'Ignore' ? undefined : { refuse: internalServerError(`failed calling webhook ${JSON.stringify(hook.name)}: ${error}`) });
  if ('error' in outcome) return failed(outcome.error);
  const { responseIn, denialBy } = latePart('webhooks');
  const read = responseIn(outcome.body, outcome.uid, kind === 'mutating');
  if ('error' in read) return failed(`received invalid webhook response: ${read.error}`);
  const { response } = read;
  for (const text of response.warnings ?? []) warn(text);
  return response.allowed === true ? response : { refuse: denialBy(hook.name, response.status) };
}

/** One after the other: each sees what those before have made of the object. */
export const mutatingWebhooks: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  admit(object, context) {
    if (!context.isAny(configurations.mutating) || isExempt(context.inflight)) return { object };
    const turns = (context.reinvocation ?? new Reinvocation()).of('MutatingAdmissionWebhook');
    turns.begin(object);
    let current: KubeObject = object;
    for (const one of hooksOf('mutating', context)) {
      const versions = new AskedVersions(current, context, context.operation === 'CREATE');
      const wanted = wants(one.hook, versions, context);
      if (wanted !== undefined && 'refuse' in wanted) return wanted;
      if (wanted === undefined || turns.passesOver(one.id)) continue;
      const outcome = askOne(one, versions.of(wanted), wanted, current, context);
      if (!('object' in outcome)) return outcome;
      if (!deepEqual(outcome.object, current)) turns.changed();
      if (one.hook.reinvocationPolicy === 'IfNeeded') turns.asked(one.id);
      current = outcome.object;
    }
    turns.end(current);
    return { object: current };
  },
};

function askOne(one: Hook, asked: Asked, as: Served, current: KubeObject, context: AdmissionContext): Admission {
  const call = callOf('mutating', one, asked, context, context.reinvocation?.isSecond === true ? 1 : 0);
  const outcome = context.answered(call.key);
  if (outcome === undefined) return { calls: [call] };
  const meaning = meaningOf('mutating', one.hook, outcome, context);
  if (meaning === undefined) return { object: current };
  if ('refuse' in meaning) return meaning;
  if ((meaning.patch ?? '') === '') return { object: current };
  const patched = latePart('webhooks').patchedBy(one.hook.name, meaning, asked.object);
  return 'refuse' in patched ? patched : context.decode(patched.body, current, as);
}

/** All at once, after everybody has changed what they change; of several that refuse the first to answer is heard. */
export const validatingWebhooks: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  validate(object, context): Verdict {
    if (!context.isAny(configurations.validating) || isExempt(context.inflight)) return undefined;
    const versions = new AskedVersions(object, context, false);
    const relevant: { readonly hook: Webhook; readonly call: WebhookCall }[] = [];
    for (const one of hooksOf('validating', context)) {
      const wanted = wants(one.hook, versions, context);
      if (wanted !== undefined && 'refuse' in wanted) return wanted;
      if (wanted !== undefined) relevant.push({ hook: one.hook, call: callOf('validating', one, versions.of(wanted), context) });
    }
    const open = relevant.filter(({ call }) => context.answered(call.key) === undefined).map(({ call }) => call);
    if (open.length > 0) return { calls: open };
    let refusal: { readonly refuse: Status; readonly at: number } | undefined;
    for (const { hook, call } of relevant) {
      const outcome = context.answered(call.key)!;
      const meaning = meaningOf('validating', hook, outcome, context);
      if (meaning !== undefined && 'refuse' in meaning && (refusal === undefined || outcome.at < refusal.at)) refusal = { refuse: meaning.refuse, at: outcome.at };
    }
    return refusal === undefined ? undefined : { refuse: refusal.refuse };
  },
};
