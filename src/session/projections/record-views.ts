import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { MessageRecord, TraceRecord } from '../../simulation/recording/records.ts';
import type { LogLine, RecordView } from '../port/protocol.ts';
import { messageLabel, messageRow, type FindRecord, requestPath, requestVerb } from './message-rows.ts';
import { foldCauses } from './repeated-timers.ts';
import { sentence } from './story.ts';

/** What a record is called in one line: the request line of an API call, the method of another. */
function title(record: TraceRecord): string {
  if (record.what === 'message') {
    if (record.type.startsWith('api.') && record.type !== 'api.response') return `${requestVerb(record.body as ApiRequest)} ${requestPath(record.body as ApiRequest)}`;
    return messageLabel(record);
  }
  return record.what === 'note' ? record.note.name : record.what === 'timer' ? record.name : record.what === 'input' ? record.input.type : record.what;
}

const kindOf = (record: TraceRecord, find: FindRecord): LogLine['kind'] => {
  if (record.what !== 'message') return record.what === 'input' ? 'command' : 'note';
  const { kind, ok } = messageRow(record, false, find);
  return !ok ? 'failure' : kind === 'cni' ? 'cri' : kind;
};

/** A record as the inspector shows it; its body only where it is the one asked for. */
export function recordView(record: TraceRecord, withBody: boolean, find: FindRecord): RecordView {
  const address = record.what === 'message' ? record.from : record.what === 'input' ? 'you' : record.address;
  return {
    id: record.id, atUs: record.what === 'message' ? record.sentAtUs : record.atUs, ...(record.what === 'message' && { arrivesAtUs: record.arrivesAtUs }),
    what: record.what === 'message' ? 'message' : record.what === 'timer' ? 'timer' : record.what === 'input' ? 'command' : 'note',
    from: address, to: record.what === 'message' ? record.to : address, title: title(record), sentence: sentence(record), kind: kindOf(record, find), ...(withBody && { body: bodyOf(record) }),
  };
}

const bodyOf = (record: TraceRecord): unknown => (record.what === 'message' ? record.body : record.what === 'note' ? record.note.detail : record.what === 'input' ? record.input : undefined);

/** From a record back to where it all began: its causes, nearest first. */
export function causesOf(record: TraceRecord, find: (id: number) => TraceRecord | undefined): readonly RecordView[] {
  const causes: RecordView[] = [];
  for (let at = find(record.causeId); at !== undefined && causes.length < 400; at = find(at.causeId)) causes.push(recordView(at, false, find));
  return foldCauses(causes);
}

/** The answer to a request, or the request of an answer. */
export function counterpart(record: MessageRecord, find: (id: number) => TraceRecord | undefined, recorded: number): RecordView | undefined {
  if (record.conversation !== record.id) {
    const request = find(record.conversation);
    return request && recordView(request, true, find);
  }
  if (record.kind !== 'request') return undefined;
  for (let id = record.id + 1; id < recorded; id += 1) {
    const other = find(id);
    if (other?.what === 'message' && other.conversation === record.id) return recordView(other, true, find);
  }
  return undefined;
}
