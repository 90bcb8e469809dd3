import type { CausalSpan } from '../../session/port/causality.ts';

/** A span for tests: a message unless told otherwise. */
export const span = (id: number, parentId: number, more: Partial<CausalSpan> = {}): CausalSpan => ({
  id, parentId, atUs: 1_000 * id, endUs: 1_000 * id + 400, from: 'outside/kubectl', to: 'control-plane-1/kube-apiserver', what: 'message', title: 'GET /apis', sentence: 'kubectl asks', kind: 'request', ok: true, background: false, ...more,
});

const [kubectl, api, kubelet] = ['outside/kubectl', 'control-plane-1/kube-apiserver', 'worker-1/kubelet'];

/** A command, a request with its answer, a watch, a timer, a note and a failure. */
export const story: readonly CausalSpan[] = [
  span(10, -1, { what: 'command', from: 'you', to: 'you', title: 'apply web.yaml', sentence: 'You: apply web.yaml', kind: 'command', atUs: 9_000_000, endUs: 9_000_000 }),
  span(11, 10, { atUs: 9_000_000, endUs: 9_004_000, from: kubectl, to: api, title: 'POST /api/v1/namespaces/default/pods', about: 'object/Pod/default/web' }),
  span(12, 11, { atUs: 9_003_500, endUs: 9_004_000, from: api, to: kubectl, title: '201', kind: 'response' }),
  span(13, 11, { atUs: 9_003_600, endUs: 9_004_200, from: api, to: kubelet, title: 'ADDED Pod/web', kind: 'watch', about: 'object/Pod/default/web' }),
  span(14, 13, { what: 'timer', atUs: 9_004_200, endUs: 19_004_200, from: kubelet, to: kubelet, title: 'retry; the #1 end', kind: 'note' }),
  span(15, 14, { what: 'note', atUs: 19_004_200, endUs: 19_004_200, from: kubelet, to: kubelet, title: 'back-off', sentence: 'kubelet on worker-1: waits', kind: 'note' }),
  span(16, 14, { atUs: 19_004_200, endUs: 19_005_000, from: kubelet, to: api, title: 'PATCH /api/v1/namespaces/default/pods/web/status', kind: 'failure', ok: false }),
];
