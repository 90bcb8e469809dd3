import type { QueryAnswer, RecordView } from '../../session/port/protocol.ts';
import { clockText, durationText } from '../../store/words.ts';
import { Button, classes } from '../design/parts.tsx';
import { useActions } from '../shell/app-store.ts';
import css from './inspector.module.css';
import { Exchange } from './message/exchange.tsx';
import { YamlText } from './yaml/yaml-text.tsx';

type Answer = Extract<QueryAnswer, { type: 'record' }>;

/** A message, note, timer or command, and the chain of causes that led to it. */
export function RecordPage({ answer: { record, causes } }: { readonly answer: Answer }) {
  const { scrub, select } = useActions();
  return (
    <>
      <p className={css.sentence}>{record.sentence}</p>
      <p className={css.offers}><Button onClick={() => select({ type: 'record', recordId: record.id, chainOf: record.id }, true)}>Causes and effects</Button></p>
      <dl className={css.facts}>
        <dt>what</dt><dd>{record.what} · {record.kind}</dd>
        {record.from !== '' && <><dt>from</dt><dd><code>{record.from}</code></dd></>}
        {record.to !== '' && record.to !== record.from && <><dt>to</dt><dd><code>{record.to}</code></dd></>}
        <dt>at</dt><dd><button type="button" className={css.jump} onClick={() => scrub(record.atUs)}>{clockText(record.atUs)}</button></dd>
        {record.arrivesAtUs !== undefined && <><dt>arrives</dt><dd>{clockText(record.arrivesAtUs)} (under way for {durationText(record.arrivesAtUs - record.atUs)})</dd></>}
      </dl>
      {record.what === 'message' && <Exchange recordId={record.id} />}
      {causes.length > 0 && <h3>Why? Back to where it began</h3>}
      <ol className={css.chain}>{causes.map((cause) => <Cause key={cause.id} record={cause} />)}</ol>
      {record.what !== 'message' && record.body !== undefined && record.body !== null && <><h3>What it says</h3><YamlText value={record.body} label="What it says" /></>}
    </>
  );
}

const Cause = ({ record }: { readonly record: RecordView }) => {
  const { select } = useActions();
  return (
    <li className={classes(css.cause, css[record.kind])}>
      <button type="button" onClick={() => select({ type: 'record', recordId: record.id }, true)}>
        <b>{record.title}</b><span>{record.sentence}</span><time>{clockText(record.atUs)}</time>
      </button>
    </li>
  );
};
