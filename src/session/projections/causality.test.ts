import { beforeAll, describe, expect, test } from 'vitest';
import type { CausalityAnswer } from '../port/causality.ts';
import { TestPage } from '../testing/test-page.ts';
import { causality } from './causality.ts';

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec:\n  containers:\n  - {name: web, image: "nginx:1.27"}\n';
const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'alone' };

describe('causality', () => {
  let page: TestPage;
  let whole: CausalityAnswer;
  const ask = (query: Parameters<TestPage['ask']>[0]): CausalityAnswer => {
    const answer = page.ask(query);
    expect(answer.type).toBe('causality');
    return answer as CausalityAnswer;
  };
  beforeAll(() => {
    page = new TestPage().apply(pod).wait(20);
    const byWriter = ask({ type: 'causality', object });
    whole = ask({ type: 'causality', recordId: byWriter.spans[0]!.id });
  });

  test('the last writer of a Pod is its kubelet, and what led to it is the user', () => {
    const answer = ask({ type: 'causality', object });
    const writer = answer.spans.find(({ id }) => id === answer.recordId)!;
    expect(writer.title).toBe('PATCH /api/v1/namespaces/default/pods/alone/status');
    expect(writer.from).toMatch(/^worker-\d\/kubelet$/);
    expect(writer.about).toBe('object/Pod/default/alone');
    expect(answer.spans[0]).toMatchObject({ parentId: -1, title: 'apply web.yaml', sentence: 'You: apply web.yaml', what: 'command' });
  });

  test('forward from the user: what it leads to stands after it, and each span hangs on another', () => {
    const ids = new Set(whole.spans.map(({ id }) => id));
    expect(whole.recordId).toBe(whole.spans[0]!.id);
    for (const [index, span] of whole.spans.entries()) {
      expect(span.endUs).toBeGreaterThanOrEqual(span.atUs);
      if (index === 0) continue;
      expect(span.parentId).toBeLessThan(span.id);
      expect(ids.has(span.parentId)).toBe(true);
    }
    const titles = whole.spans.map(({ title }) => title);
    const inOrder = ['POST /api/v1/namespaces/default/pods', 'POST /api/v1/namespaces/default/pods/alone/binding', 'RunPodSandbox', 'PullImage', 'CreateContainer', 'StartContainer'];
    expect(inOrder.map((title) => titles.indexOf(title)).every((place, index, all) => place > (all[index - 1] ?? -1))).toBe(true);
    expect(whole.spans.every(({ background }) => !background)).toBe(true);
    expect(whole.leftOut.background).toBeGreaterThan(0);
  });

  test('a request lasts until its answer, a timer since it was set', () => {
    const pull = whole.spans.find(({ title }) => title === 'PullImage')!;
    const answer = whole.spans.find(({ title }) => title === 'PullImageResponse')!;
    expect(pull.endUs).toBe(answer.endUs);
    expect(pull.endUs - pull.atUs).toBeGreaterThan(500_000);
    const timer = whole.spans.find(({ what, atUs, endUs }) => what === 'timer' && endUs > atUs);
    expect(timer).toBeDefined();
  });

  test('the chain of one record holds no side branches', () => {
    const start = whole.spans.find(({ title }) => title === 'StartContainer')!;
    const answer = ask({ type: 'causality', recordId: start.id });
    const chain = answer.spans.filter(({ id }) => id <= start.id);
    for (const [index, span] of chain.entries()) expect(span.parentId).toBe(chain[index - 1]?.id ?? -1);
  });

  test('a controller that looked every five seconds is one line of the chain', () => {
    const lost = new TestPage().apply(pod).wait(20);
    const node = (lost.rows.get('object/Pod/default/alone') as { node: string }).node;
    lost.do({ type: 'power-off-node', node }).wait(80);
    const answer = lost.ask({ type: 'causality', object: { apiVersion: 'v1', kind: 'Node', namespace: '', name: node } }) as CausalityAnswer;
    const timers = answer.spans.filter(({ title, id }) => id <= answer.recordId && title.startsWith('queue'));
    expect(timers).toHaveLength(1);
    expect(timers[0]).toMatchObject({ title: expect.stringMatching(/^queue ×1\d$/), sentence: expect.stringMatching(/^kube-controller-manager: the timer “queue” fires 1\d times in a row$/) });
    // From when the first was set.
    expect(timers[0]!.endUs - timers[0]!.atUs).toBeGreaterThan(50_000_000);
  });

  test('what came of it is bounded, and what is left out is counted', () => {
    const record = (id: number) => ({ what: 'note', id, atUs: id, causeId: id - 1, background: id % 2 === 1, address: 'a/b', note: { name: 'n', text: 't' } }) as const;
    const answer = causality({ recorded: 1_001, record: (id) => (id >= 0 && id <= 1_000 ? record(id) : undefined) }, record(0), () => undefined);
    expect(answer.spans).toHaveLength(401);
    expect(answer.leftOut).toEqual({ news: 100, background: 500 });
    // What hangs on something hidden hangs on what is shown above it.
    expect(answer.spans.slice(0, 3).map(({ id, parentId }) => [id, parentId])).toEqual([[0, -1], [2, 0], [4, 2]]);
  });

  test('what has not happened, or was never written, is said in a sentence', () => {
    expect(page.ask({ type: 'causality', recordId: 1e9 })).toEqual({ type: 'nothing', text: 'This has not happened yet at the moment you are looking at.' });
    expect(page.ask({ type: 'causality', object: { ...object, name: 'nobody' } })).toMatchObject({ type: 'nothing', text: expect.stringMatching(/^Nobody has written Pod nobody/) });
  });
});
