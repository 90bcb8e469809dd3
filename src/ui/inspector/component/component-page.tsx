import type { QueryAnswer } from '../../../session/port/protocol.ts';
import { Button } from '../../design/parts.tsx';
import { useActions } from '../../shell/app-store.ts';
import css from '../inspector.module.css';
import { Facts } from '../parts/tables.tsx';
import { useAnswerOf } from '../parts/use-answer.ts';
import { YamlText } from '../yaml/yaml-text.tsx';
import { LastMessages, LastStep } from './activity.tsx';
import { ChartPicture } from './chart-picture.tsx';
import own from './component.module.css';

type Answer = Extract<QueryAnswer, { type: 'component' }>;

/** A program: what it is for, what it is doing, the chart it runs by with the step it took last, its last messages, and what it knows. */
export function ComponentPage({ answer: { row, chart, knows, duty, upstream } }: { readonly answer: Answer }) {
  const { select } = useActions();
  const activity = useAnswerOf({ type: 'activity', address: row.address }, `component/${row.address}`, true);
  const known = typeof activity === 'object' ? activity : undefined;
  const link = /^https?:/.test(upstream) ? upstream : `https://github.com/kubernetes/kubernetes/tree/v1.36.0/${upstream}`;
  return (
    <>
      <p className={css.sentence}>{duty}</p>
      {row.name === 'etcd' && <p className={css.offers}><Button onClick={() => select({ type: 'stored' }, true)}>Everything stored</Button></p>}
      <dl className={css.facts}>
        <dt>now</dt><dd>{row.running ? row.line : 'stopped'}</dd>
        <dt>state</dt><dd><code>{row.states.join(' › ') || '—'}</code></dd>
        {row.dials.length > 0 && <><dt>dials</dt><dd>{row.dials.map((address) => <code key={address}>{address} </code>)}</dd></>}
        {Object.entries(row.counters).map(([name, value]) => [<dt key={`${name}-name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
        <dt>the real one</dt><dd>{upstream.includes(' ') ? upstream : <a href={link} target="_blank" rel="noreferrer">{upstream}</a>}</dd>
      </dl>
      <h3>The chart it runs by</h3>
      {known?.last !== undefined && <LastStep last={known.last} />}
      <ChartPicture chart={chart} {...(known?.last !== undefined && { last: known.last.taken })} />
      <h3>What it knows</h3>
      {known?.tables.map((table) => <Facts key={table.title} table={table} />)}
      {known !== undefined && <LastMessages activity={known} />}
      <details className={own.raw}><summary>All of it, as it stands in memory</summary><YamlText value={knows} label="All that it knows" /></details>
    </>
  );
}
