/** What is said between the API server and an admission webhook, in a few words. */
import type { WebhookRequest, WebhookResponse } from '../../kubernetes/protocols/webhook.ts';

interface Asked { readonly request?: { readonly operation?: string; readonly resource?: { readonly resource?: string }; readonly subResource?: string; readonly name?: string } }
interface Answer { readonly response?: { readonly allowed?: boolean; readonly patch?: string } }

/** Whether the webhook let the request pass: a denial and a connection that broke did not. */
export const letsPass = (answer: WebhookResponse): boolean => 'dialled' in answer || ('code' in answer && (answer.body as Answer | undefined)?.response?.allowed === true);

export function webhookLabel(type: string, body: unknown): string {
  if (type === 'webhook.AdmissionReview') {
    const { operation = '', resource, subResource, name } = ((body as WebhookRequest).review as Asked | undefined)?.request ?? {};
    return `review ${operation} ${[resource?.resource, name, subResource].filter((part) => part !== undefined && part !== '').join('/')}`;
  }
  if (type !== 'webhook.Response') return 'connect';
  const answer = body as WebhookResponse;
  if ('broken' in answer) return answer.broken;
  if ('dialled' in answer) return 'connected';
  const { allowed, patch } = (answer.body as Answer | undefined)?.response ?? {};
  return allowed === undefined ? String(answer.code) : !allowed ? 'denied' : patch === undefined ? 'allowed' : 'allowed, changed';
}

/** In a sentence; that a request passes is told by the request itself. */
export function webhookSentence(type: string, body: unknown, host: string): string | undefined {
  const words = webhookLabel(type, body);
  if (type === 'webhook.AdmissionReview') return `kube-apiserver asks the webhook on ${host} about ${words.slice('review '.length)}`;
  if (type !== 'webhook.Response' || letsPass(body as WebhookResponse)) return undefined;
  return words === 'denied' ? `The webhook on ${host} denies the request` : `The webhook on ${host} is no help: ${words}`;
}
