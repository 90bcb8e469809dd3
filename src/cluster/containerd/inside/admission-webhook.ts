/** A Pod whose program is an admission webhook, or converts custom objects: the API server's connection ends in it. */
import type { WebhookDial, WebhookRequest, WebhookResponse } from '../../../kubernetes/protocols/webhook.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import { respond } from '../../../simulation/process/effects.ts';
import type { Outcome, ProcessEvent } from '../../../simulation/process/process.ts';
import type { ContainerdState, ContainerRow } from '../runtime-state.ts';
import { whoServes } from './container.ts';
import { webhookIn } from './http-servers.ts';

const workUs = 1_000;

export function answerReview(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const answered = (body: WebhookResponse, afterUs = 0): Outcome<ContainerdState> => [state, [respond(event.id, { type: 'webhook.Response', body }, workUs + afterUs)]];
  const row = listener(state, event);
  if (row === undefined) return answered({ broken: 'connection refused' });
  const webhook = webhookIn(row.config);
  if (webhook === undefined) return answered({ broken: 'no TLS' });
  if (event.type === 'webhook.Dial') return answered({ dialled: true });
  const { path, review } = event.body as WebhookRequest;
  if (webhook.subcommand === 'crd-conversion-webhook') return answered(latePart('answerOfConverter')(path, review));
  const answer = latePart('answerOfAgnhost')(path, review, webhook.sidecarImage);
  if (answer === 'never') return [state, []];
  return answer === 'nothing' ? answered({ broken: 'closed' }) : answered({ code: answer.code, body: answer.body }, answer.afterUs);
}

/** Whoever listens on the port of the Pod that has the address; Pods on the node's own network share its address. */
function listener(state: ContainerdState, { env, body }: ProcessEvent): ContainerRow | undefined {
  const { podIp, port } = body as WebhookDial;
  for (const [id, { shown, hostNetwork }] of state.sandboxes) {
    if (shown.state !== 'SANDBOX_READY' || !(hostNetwork || shown.ip === podIp)) continue;
    const row = whoServes({ state, effects: [], env }, id, port);
    if (row !== undefined) return row;
  }
  return undefined;
}
