import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import type { CausalityAnswer, CausalSpan } from '../../session/port/causality.ts';

/** OTLP/JSON as far as it is used here (opentelemetry-proto, trace/v1/trace.proto): ids in hex, 64-bit numbers as strings. */
interface Attribute { readonly key: string; readonly value: { readonly stringValue: string } | { readonly boolValue: boolean } }
interface OtlpSpan {
  readonly traceId: string; readonly spanId: string; readonly parentSpanId?: string; readonly name: string; readonly kind: number;
  readonly startTimeUnixNano: string; readonly endTimeUnixNano: string; readonly attributes: readonly Attribute[]; readonly status: { readonly code: number; readonly message?: string };
}
interface ResourceSpans { readonly resource: { readonly attributes: readonly Attribute[] }; readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[] }
export interface OtlpTrace { readonly resourceSpans: readonly ResourceSpans[] }

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });
const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');

/** SPAN_KIND_INTERNAL, SPAN_KIND_CLIENT, SPAN_KIND_PRODUCER; STATUS_CODE_UNSET, STATUS_CODE_ERROR. */
const [internal, client, producer] = [1, 3, 4];
const [unset, failed] = [0, 2];

const clientKinds = new Set<CausalSpan['kind']>(['request', 'cri', 'etcd']);
const kindOf = ({ what, kind, title }: CausalSpan): number => (what !== 'message' ? internal : clientKinds.has(kind) && !title.endsWith('Response') ? client : producer);

/** FNV-1a. */
function hash(value: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < value.length; index += 1) sum = Math.imul(sum ^ value.charCodeAt(index), 0x01000193);
  return sum >>> 0;
}

/** Virtual time as Kubernetes' objects tell it, in ns since 1970. */
const nanos = (us: number): string => String(BigInt(Date.parse(formatTime(0))) * 1_000_000n + BigInt(Math.round(us)) * 1_000n);

/** The same world gives the same ids: nothing in them is drawn by chance. */
export const traceIdOf = (world: { readonly topology: string; readonly seed: number }, rootId: number): string => hex(hash(world.topology), 8) + hex(world.seed >>> 0, 8) + hex(rootId + 1, 16);
export const spanIdOf = (id: number): string => hex(id + 1, 16);

function resourceOf(address: string): readonly Attribute[] {
  const [host = '', name = address] = address.split('/');
  return address === 'you' ? [text('service.name', 'user')] : [text('service.name', name), text('service.namespace', 'orrery'), text('service.instance.id', address), text('host.name', host)];
}

/** A chain of causes and all that came of it as an OpenTelemetry trace: one resource per component. */
export function otlpOf(answer: CausalityAnswer, world: { readonly topology: string; readonly seed: number }): OtlpTrace {
  const traceId = traceIdOf(world, answer.spans[0]!.id);
  const byComponent = new Map<string, OtlpSpan[]>();
  for (const span of answer.spans) {
    const made: OtlpSpan = {
      traceId, spanId: spanIdOf(span.id), ...(span.parentId >= 0 && { parentSpanId: spanIdOf(span.parentId) }), name: span.title, kind: kindOf(span),
      startTimeUnixNano: nanos(span.atUs), endTimeUnixNano: nanos(span.endUs),
      attributes: [
        text('orrery.record', String(span.id)), text('orrery.what', span.what), text('orrery.sentence', span.sentence),
        ...(span.to === span.from ? [] : [text('orrery.to', span.to)]), ...(span.about === undefined ? [] : [text('k8s.object', span.about.replace('object/', ''))]),
      ],
      status: span.ok ? { code: unset } : { code: failed, message: span.sentence },
    };
    const beside = byComponent.get(span.from);
    if (beside === undefined) byComponent.set(span.from, [made]);
    else beside.push(made);
  }
  return { resourceSpans: [...byComponent].map(([address, spans]) => ({ resource: { attributes: resourceOf(address) }, scopeSpans: [{ scope: { name: 'orrery' }, spans }] })) };
}
