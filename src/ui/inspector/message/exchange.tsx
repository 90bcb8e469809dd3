import type { ExchangeAnswer, Half } from '../../../session/port/exchange.ts';
import { clockText, durationText } from '../../../store/words.ts';
import { classes } from '../../design/parts.tsx';
import { useActions, useApp } from '../../shell/app-store.ts';
import { ChangeTable } from '../history/change-table.tsx';
import { useAnswerOf } from '../parts/use-answer.ts';
import { YamlText } from '../yaml/yaml-text.tsx';
import css from './message.module.css';
import { patchLines } from './patch-lines.ts';

/** A request beside its answer: who waits for it, how long it took, and what it made of the stored object. */
export function Exchange({ recordId }: { readonly recordId: number }) {
  const answer = useAnswerOf({ type: 'exchange', recordId }, undefined, true);
  if (answer === undefined || typeof answer === 'string') return null;
  const { request, response, stored, frame } = answer;
  return (
    <>
      {frame !== undefined && <><h3>What it says</h3><YamlText value={frame.body} label="What it says" /></>}
      <h3>{frame === undefined ? 'The exchange' : 'The stream it came on'}</h3>
      <p className={classes(css.state, (answer.state === 'failed' || response?.ok === false) && css.bad)}>{stateInWords(answer)}</p>
      {answer.waiter !== undefined && <Waiter waiter={answer.waiter} />}
      <div className={css.pair}>
        <HalfOf title="Request" half={request} here={recordId} />
        {response === undefined ? <p className={css.nothing}>No answer yet</p> : <HalfOf title={answer.state === 'closed' ? 'Its end' : 'Response'} half={response} here={recordId} />}
      </div>
      {stored !== undefined && (
        <>
          <h3>What it made of the stored object</h3>
          <p className={css.note}>Stored as revision {stored.revision}{stored.changes.length === 0 && ': nothing was there before, or nothing is there now'}</p>
          {stored.changes.length > 0 && <ChangeTable changes={stored.changes} label="What it changed" />}
        </>
      )}
    </>
  );
}

function stateInWords({ state, response, latencyUs }: ExchangeAnswer): string {
  switch (state) {
    case 'answered': return `Answered ${response?.line ?? ''} after ${durationText(latencyUs ?? 0)}`;
    case 'failed': return response === undefined ? 'It will never be answered' : `Failed after ${durationText(latencyUs ?? 0)}: ${response.line}`;
    case 'under way': return 'Under way';
    case 'waited for': return 'Arrived, and not answered yet';
    case 'open': return 'The stream is open: whoever asked hears of each change';
    case 'closed': return 'The stream has ended';
  }
}

function Waiter({ waiter: { address, untilUs } }: { readonly waiter: NonNullable<ExchangeAnswer['waiter']> }) {
  const { select } = useActions();
  const leftUs = useApp((state) => Math.max(0, Math.floor((untilUs - state.playheadUs) / 100_000) * 100_000));
  return <p className={css.note}><button type="button" className={css.door} onClick={() => select({ type: 'component', address }, true)}>{address}</button> waits for it, and gives up at {clockText(untilUs)}, in {durationText(leftUs)}.</p>;
}

function HalfOf({ title, half, here }: { readonly title: string; readonly half: Half; readonly here: number }) {
  const { select } = useActions();
  const { recordId, sentAtUs, arrivesAtUs, line, ok, headers, resourceVersion, body } = half;
  const patch = patchLines(body, headers);
  return (
    <section className={css.half} aria-label={title}>
      <h4>{title}{recordId !== here && <button type="button" className={css.door} onClick={() => select({ type: 'record', recordId }, true)}>open</button>}</h4>
      <p className={classes(css.line, !ok && css.bad)}>{line}</p>
      <dl className={css.headers}>
        {headers.map(([name, value]) => [<dt key={`${name}-name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
        {resourceVersion !== '' && <><dt>resourceVersion</dt><dd>{resourceVersion}</dd></>}
        <dt>leaves, arrives</dt><dd>{clockText(sentAtUs)} → {clockText(arrivesAtUs)}</dd>
      </dl>
      {patch !== undefined && (
        <ul className={css.patch} aria-label="What the patch asks for">
          {patch.map(({ path, text, removes }) => <li key={path} className={classes(removes && css.removes)}><code>{path}</code>{removes ? ' is removed' : <> = <b>{text}</b></>}</li>)}
        </ul>
      )}
      {body !== undefined && body !== null && (patch === undefined ? <YamlText value={body} label={`${title}: body`} /> : <details><summary>The patch as sent</summary><YamlText value={body} label="The patch as sent" /></details>)}
    </section>
  );
}
