import { describe, expect, test } from 'vitest';
import { mermaidOf, mermaidText } from './mermaid.ts';
import { span, story } from './test-spans.ts';

describe('a chain as a sequence diagram', () => {
  test.each([
    ['GET /apis', 'GET /apis'],
    ['a;b', 'a#59;b'],
    ['#1: 50%', '#35;1#58; 50#37;'],
    ['the end', 'the #101;nd'],
    ['End of <x>\n{y}', '#69;nd of #60;x#62; #123;y#125;'],
    ['sends', 'sends'],
    ['…', '#8230;'],
  ])('the text %j is written %j', (text, written) => expect(mermaidText(text)).toBe(written));

  test('a whole diagram', () => {
    expect(mermaidOf({ type: 'causality', recordId: 10, spans: story, leftOut: { news: 3, background: 9 } })).toBe(`sequenceDiagram
%% Orrery: what led to record 10 and what came of it, from 9.000 s on
  actor you as You
  participant c1 as kubectl
  participant c2 as kube-apiserver
  participant c3 as kubelet on worker-1
  Note over you: apply web.yaml
  c1->>c2: POST /api/v1/namespaces/default/pods
  c2-->>c1: 201
  c2-)c3: ADDED Pod/web
  Note over c3: after 10 s#58; retry#59; the #35;1 #101;nd
  Note over c3: kubelet on worker-1#58; waits
  c3-xc2: PATCH /api/v1/namespaces/default/pods/web/status
  Note over you: 3 more are left out
`);
  });

  test('no more than Mermaid takes, and what is left out is counted', () => {
    const text = mermaidOf({ type: 'causality', recordId: 0, spans: Array.from({ length: 700 }, (_, id) => span(id, id - 1, { title: 'x'.repeat(90) })), leftOut: { news: 0, background: 0 } });
    expect(text.length).toBeLessThan(50_000);
    const edges = text.split('\n').filter((line) => line.includes('->>')).length;
    expect(edges).toBeLessThan(500);
    expect(text).toContain(`${700 - edges} more are left out`);
  });
});
