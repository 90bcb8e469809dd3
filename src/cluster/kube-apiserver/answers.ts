/** How a request ends: what goes back, and the note on the timeline. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { ApiResponse, ObjectList } from '../../kubernetes/protocols/api.ts';
import { note, respond } from '../../simulation/process/effects.ts';
import { judgesFor, pluginsFor } from './admission/registry.ts';
import type { Inflight, Step } from './state.ts';

/** Work from taking a request off the wire to asking etcd, and from etcd's answer to the client's. */
export const decodeUs = 300;
export const admitUs = 250;
export const encodeUs = 250;

/** Answers a request; one of our own hooks goes on instead. */
export function answer(step: Step, inflight: Inflight, code: number, body: ApiResponse['body'], workUs = encodeUs): void {
  if (inflight.id === '') {
    step.finished.push({ hook: inflight.hook ?? '', code, body });
    return;
  }
  const { warnings } = inflight;
  const shown = shownBy(inflight, code, body);
  const response: ApiResponse = warnings === undefined ? shown : { ...shown, warnings };
  step.effects.push(respond(inflight.id, { type: 'api.response', body: response }, workUs));
}

/** The objects of an answer as the request's version shows them; a Scale or a Status is what it is. */
function shownBy({ served: { view, info } }: Inflight, code: number, body: ApiResponse['body']): ApiResponse {
  if (view === undefined) return { code, body };
  const shown = 'items' in body ? { ...body, items: body.items.map((item) => view.fromStored(item)) } : body.kind === info.kind ? view.fromStored(body as KubeObject) : undefined;
  return shown === undefined ? { code, body } : view.columns === undefined ? { code, body: shown } : { code, body: shown, columns: view.columns };
}

/** Refuses a request, and says at which stage. */
export function refuse(step: Step, inflight: Inflight, status: Status, stage: string): void {
  if (inflight.id !== '') {
    const { request } = inflight;
    step.effects.push(note({ name: stage, text: `${request.verb} ${request.resource}${request.name === undefined ? '' : ` ${request.name}`} refused at ${stage}: ${status.message}`, detail: status }));
  }
  answer(step, inflight, status.code, status);
}

const leases = 'leases.coordination.k8s.io';

/** One note for a write that reaches storage: every stage and when it was done. */
export function noteStages(step: Step, inflight: Inflight, object: KubeObject): void {
  const { request, served } = inflight;
  if (inflight.id === '' || served.key === leases || served.key === 'events') return;
  const admission = request.verb === 'create' && request.subresource === undefined;
  const judged = step.state.heldAgainst.length > 0;
  const what = request.subresource === undefined ? served.info.resource : `${served.info.resource}/${request.subresource}`;
  step.effects.push(note({
    name: 'stages',
    text: `${request.verb} ${what} ${object.metadata.name}: authentication → authorization → ${admission ? 'mutating admission → ' : ''}validation → ${judged ? 'validating admission → ' : ''}storage`,
    detail: stagesOf(inflight, admission, judged),
    afterUs: decodeUs + admitUs,
  }));
}

const knownStages = new Map<string, object>();

/** The stages of a write with their evidence; the same for all writes of a user of one kind, and told by reference. */
function stagesOf({ request, served, user: { groups }, authorization }: Inflight, admission: boolean, judged: boolean): object {
  const resource = served.key;
  const key = admission || judged ? `${request.user} ${resource} ${authorization} ${admission} ${judged}` : `${request.user} ${authorization}`;
  // Of a client that is taken for somebody, the groups may be others each time.
  const repeats = request.credentials === undefined;
  let detail = repeats ? knownStages.get(key) : undefined;
  if (detail === undefined) {
    detail = {
      authentication: { user: request.user, groups, afterUs: 50 },
      authorization: { decision: authorization, afterUs: 100 },
      ...(admission ? { 'mutating admission': { plugins: pluginsFor(resource), afterUs: decodeUs + 100 } } : {}),
      validation: { afterUs: decodeUs + admitUs - 50 },
      ...(judged ? { 'validating admission': { plugins: judgesFor(resource), afterUs: decodeUs + admitUs - 20 } } : {}),
      storage: { afterUs: decodeUs + admitUs },
    };
    if (repeats && knownStages.size < 10_000) knownStages.set(key, detail);
  }
  return detail;
}

/** A list as clients read it. */
export const listOf = (inflight: Inflight, items: readonly KubeObject[], resourceVersion: number, more: Partial<ObjectList['metadata']> = {}): ObjectList =>
  ({ apiVersion: inflight.served.info.apiVersion, kind: inflight.served.custom?.listKind ?? `${inflight.served.info.kind}List`, metadata: { resourceVersion: String(resourceVersion), ...more }, items });
