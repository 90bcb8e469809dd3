import { expect, test } from 'vitest';
import { spotlightOf } from './spotlight-of.ts';
import { story } from './test-spans.ts';

test('a chain lights its components, its objects and its messages, and nothing of the user', () => {
  const light = spotlightOf({ type: 'causality', recordId: 16, spans: story, leftOut: { news: 0, background: 0 } });
  expect([...light.keys].sort()).toEqual(['component/control-plane-1/kube-apiserver', 'component/outside/kubectl', 'component/worker-1/kubelet', 'object/Pod/default/web']);
  expect([...light.records]).toEqual([11, 12, 13, 16]);
  expect(light.title).toBe('what led to “PATCH /api/v1/namespaces/default/pods/web/status” and what came of it');
  expect(light.of).toEqual({ selection: { type: 'record', recordId: 16, chainOf: 16 }, fromUs: 9_000_000 });
  expect(spotlightOf({ type: 'causality', recordId: 10, spans: story, leftOut: { news: 0, background: 0 } }).title).toBe('what came of “apply web.yaml”');
});
