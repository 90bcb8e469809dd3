import { resourceOfKind } from '../../kubernetes/api/index.ts';
import { etcdKey } from '../../scenarios/cluster-view.ts';
import type { TraceRecord } from '../../simulation/recording/records.ts';
import type { CausalityAnswer, CausalityQuery, CausalSpan } from '../port/causality.ts';
import type { QueryAnswer } from '../port/protocol.ts';
import { aboutOf } from './about.ts';
import { lastWrites, requestBehind, type Trace } from './last-writes.ts';
import { recordView } from './record-views.ts';
import { foldSpans } from './repeated-timers.ts';

/** More can be neither drawn nor read. */
const mostSpans = 400;
const longestChain = 400;
/** A controller that looks every five seconds for hours, before that is folded. */
const furthestBack = 20_000;

/** Why did this happen, and what came of it? */
export function causalityAnswer(trace: Trace, query: CausalityQuery, commandOf: (inputNumber: number) => string | undefined): QueryAnswer {
  const record = 'recordId' in query ? trace.record(query.recordId) : trace.record(writerOf(trace, query.object));
  if (record === undefined) return { type: 'nothing', text: 'recordId' in query ? 'This has not happened yet at the moment you are looking at.' : `Nobody has written ${query.object.kind} ${query.object.name} yet at the moment you are looking at.` };
  return causality(trace, record, commandOf);
}

/** The request that wrote an object last, or -1. */
function writerOf(trace: Trace, { kind, namespace, name }: Extract<CausalityQuery, { object: unknown }>['object']): number {
  const info = resourceOfKind(kind);
  const write = info && lastWrites(trace).get(etcdKey({ info, namespace, name }));
  return write === undefined ? -1 : requestBehind(trace, write);
}

function chainTo(trace: Trace, record: TraceRecord): TraceRecord[] {
  const chain = [record];
  for (let at = trace.record(record.causeId); at !== undefined && chain.length < furthestBack; at = trace.record(at.causeId)) chain.push(at);
  return chain.reverse();
}

/** One pass over the trace: a cause always stands before what it led to. */
export function causality(trace: Trace, record: TraceRecord, commandOf: (inputNumber: number) => string | undefined): CausalityAnswer {
  const chain = chainTo(trace, record);
  const shown: TraceRecord[] = [...chain];
  /** Of everything that the record led to: the nearest span that is shown. */
  const shownAbove = new Map<number, number>(chain.map(({ id }) => [id, id]));
  const answered = new Map<number, number>();
  const caused = new Set([record.id]);
  let [news, background] = [0, 0];
  for (let id = chain[0]!.id + 1; id < trace.recorded; id += 1) {
    const next = trace.record(id)!;
    if (next.what === 'message' && (next.kind === 'response' || next.kind === 'failure') && shownAbove.get(next.conversation) === next.conversation) answered.set(next.conversation, next.arrivesAtUs);
    if (id <= record.id || !caused.has(next.causeId)) continue;
    caused.add(id);
    const hidden = next.background && !record.background;
    if (!hidden && shown.length < mostSpans + chain.length) {
      shown.push(next);
      shownAbove.set(id, id);
    } else {
      if (hidden) background += 1;
      else news += 1;
      shownAbove.set(id, shownAbove.get(next.causeId)!);
    }
  }
  const spans = shown.map((each) => spanOf(trace, each, shownAbove.get(each.causeId) ?? -1, answered.get(each.id), commandOf));
  const folded = foldSpans(spans, record.id);
  const asked = folded.findIndex(({ id }) => id === record.id);
  const told = asked < longestChain ? folded : folded.slice(asked + 1 - longestChain).map((span, index) => (index === 0 ? { ...span, parentId: -1 } : span));
  return { type: 'causality', recordId: record.id, spans: told, leftOut: { news, background } };
}

function spanOf(trace: Trace, record: TraceRecord, parentId: number, answeredUs: number | undefined, commandOf: (inputNumber: number) => string | undefined): CausalSpan {
  const find = (id: number) => trace.record(id);
  const view = recordView(record, false, find);
  const command = record.what === 'input' ? commandOf(record.number) : undefined;
  const about = aboutOf(record);
  return {
    id: record.id, parentId, ...timesOf(trace, record, answeredUs), from: view.from, to: view.to, what: view.what, title: command ?? view.title, sentence: command === undefined ? view.sentence : `You: ${command}`,
    kind: view.kind, ok: view.kind !== 'failure' && !(record.what === 'message' && record.lost), background: record.background, ...(about !== undefined && { about }),
  };
}

function timesOf(trace: Trace, record: TraceRecord, answeredUs: number | undefined): Pick<CausalSpan, 'atUs' | 'endUs'> {
  if (record.what === 'message') return { atUs: record.sentAtUs, endUs: Math.max(record.arrivesAtUs, answeredUs ?? 0) };
  if (record.what !== 'timer') return { atUs: record.atUs, endUs: record.atUs };
  // A timer is set in the step that its cause led to.
  const cause = trace.record(record.causeId);
  return { atUs: cause === undefined ? record.atUs : Math.min(record.atUs, cause.what === 'message' ? cause.arrivesAtUs : cause.atUs), endUs: record.atUs };
}
