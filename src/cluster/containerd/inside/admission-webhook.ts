/** A Pod whose program is an admission webhook, or converts custom objects: the API server's connection ends in it. */
import type { WebhookDial, WebhookRequest, WebhookResponse } from '../../../kubernetes/protocols/webhook.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import { respond } from '../../../simulation/process/effects.ts';
import type { Outcome, ProcessEvent } from '../../../simulation/process/process.ts';
import type { ContainerdState } from '../runtime-state.ts';
import { listenerAt } from './container.ts';
import { webhookIn } from './http-servers.ts';

const workUs = 1_000;

export function answerReview(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const answered = (body: WebhookResponse, afterUs = 0): Outcome<ContainerdState> => [state, [respond(event.id, { type: 'webhook.Response', body }, workUs + afterUs)]];
  const { podIp, port } = event.body as WebhookDial;
  const row = listenerAt(state, event.env, podIp, port);
  if (typeof row === 'string') return answered({ broken: 'connection refused' });
  const webhook = webhookIn(row.config);
  if (webhook === undefined) return answered({ broken: 'no TLS' });
  if (event.type === 'webhook.Dial') return answered({ dialled: true });
  const { path, review } = event.body as WebhookRequest;
  if (webhook.subcommand === 'crd-conversion-webhook') return answered(latePart('answerOfConverter')(path, review));
  const answer = latePart('answerOfAgnhost')(path, review, webhook.sidecarImage);
  if (answer === 'never') return [state, []];
  return answer === 'nothing' ? answered({ broken: 'closed' }) : answered({ code: answer.code, body: answer.body }, answer.afterUs);
}
