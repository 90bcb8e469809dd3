import { describe, expect, test } from 'vitest';
import { otlpOf, spanIdOf, traceIdOf } from './otlp.ts';
import { story } from './test-spans.ts';

const world = { topology: 'three-nodes', seed: 1 };
const answer = { type: 'causality', recordId: 10, spans: story, leftOut: { news: 0, background: 0 } } as const;

describe('a chain as an OpenTelemetry trace', () => {
  const { resourceSpans } = otlpOf(answer, world);
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const named = (name: string) => spans.find((span) => span.name === name)!;

  test('has one resource per component, called as the component', () => {
    const names = resourceSpans.map(({ resource }) => resource.attributes.find(({ key }) => key === 'service.name')!.value);
    expect(names).toEqual(['user', 'kubectl', 'kube-apiserver', 'kubelet'].map((stringValue) => ({ stringValue })));
    expect(spans).toHaveLength(story.length);
  });

  test('has ids of the right form, each parent among the spans', () => {
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(story.length);
    for (const { traceId, spanId, parentSpanId } of spans) {
      expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
      if (parentSpanId !== undefined) expect(ids.has(parentSpanId)).toBe(true);
    }
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined).map(({ name }) => name)).toEqual(['apply web.yaml']);
    expect(spanIdOf(0)).toBe('0000000000000001');
    expect(traceIdOf(world, 10)).not.toBe(traceIdOf({ ...world, seed: 2 }, 10));
    expect(otlpOf(answer, world)).toEqual(otlpOf(answer, world));
  });

  test('tells virtual time in nanoseconds, kinds and failures', () => {
    // 2026-01-01T00:00:09Z, as in the objects' own timestamps.
    expect(named('apply web.yaml').startTimeUnixNano).toBe('1767225609000000000');
    expect(named('POST /api/v1/namespaces/default/pods')).toMatchObject({ kind: 3, endTimeUnixNano: '1767225609004000000', status: { code: 0 } });
    expect(named('201').kind).toBe(4);
    expect(named('back-off').kind).toBe(1);
    expect(named('PATCH /api/v1/namespaces/default/pods/web/status').status).toEqual({ code: 2, message: 'kubectl asks' });
  });
});
