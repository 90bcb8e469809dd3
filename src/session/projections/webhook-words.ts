/** What is said between the API server and a webhook, in a few words. */
import type { WebhookRequest, WebhookResponse } from '../../kubernetes/protocols/webhook.ts';

interface Asked { readonly request?: { readonly operation?: string; readonly resource?: { readonly resource?: string }; readonly subResource?: string; readonly name?: string } }
interface ToConvert { readonly request?: { readonly desiredAPIVersion?: string; readonly objects?: readonly { readonly kind?: string; readonly metadata?: { readonly name?: string } }[] } }
interface Answer { readonly response?: { readonly allowed?: boolean; readonly patch?: string; readonly result?: { readonly status?: string } } }
const answerIn = (answer: WebhookResponse): NonNullable<Answer['response']> => ('code' in answer ? (answer.body as Answer | undefined)?.response ?? {} : {});

/** Whether the webhook let the request pass: a denial, a conversion that failed and a connection that broke did not. */
export const letsPass = (answer: WebhookResponse): boolean => 'dialled' in answer || answerIn(answer).allowed === true || answerIn(answer).result?.status === 'Success';

export function webhookLabel(type: string, body: unknown): string {
  if (type === 'webhook.AdmissionReview') {
    const { operation = '', resource, subResource, name } = ((body as WebhookRequest).review as Asked | undefined)?.request ?? {};
    return `review ${operation} ${[resource?.resource, name, subResource].filter((part) => part !== undefined && part !== '').join('/')}`;
  }
  if (type === 'webhook.ConversionReview') {
    const { desiredAPIVersion = '', objects = [] } = ((body as WebhookRequest).review as ToConvert | undefined)?.request ?? {};
    return `convert ${objects.map(({ kind = '', metadata }) => [kind, metadata?.name].filter((part) => part !== undefined && part !== '').join('/')).join(', ')} to ${desiredAPIVersion}`;
  }
  if (type !== 'webhook.Response') return 'connect';
  const answer = body as WebhookResponse;
  if ('broken' in answer) return answer.broken;
  if ('dialled' in answer) return 'connected';
  const { allowed, patch, result } = answerIn(answer);
  if (allowed === undefined && result !== undefined) return result.status === 'Success' ? 'converted' : 'not converted';
  return allowed === undefined ? String(answer.code) : !allowed ? 'denied' : patch === undefined ? 'allowed' : 'allowed, changed';
}

/** In a sentence; that a request passes is told by the request itself. */
export function webhookSentence(type: string, body: unknown, host: string): string | undefined {
  const words = webhookLabel(type, body);
  if (type === 'webhook.AdmissionReview') return `kube-apiserver asks the webhook on ${host} about ${words.slice('review '.length)}`;
  if (type === 'webhook.ConversionReview') return `kube-apiserver asks the webhook on ${host} to ${words}`;
  if (type !== 'webhook.Response' || letsPass(body as WebhookResponse)) return undefined;
  if (words === 'not converted') return `The webhook on ${host} cannot convert it`;
  return words === 'denied' ? `The webhook on ${host} denies the request` : `The webhook on ${host} is no help: ${words}`;
}
