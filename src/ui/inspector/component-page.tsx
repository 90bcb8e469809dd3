import type { QueryAnswer } from '../../session/port/protocol.ts';
import { Button } from '../design/parts.tsx';
import { useActions } from '../shell/app-store.ts';
import { ChartPicture } from './chart-picture.tsx';
import css from './inspector.module.css';
import { YamlText } from './yaml-text.tsx';

type Answer = Extract<QueryAnswer, { type: 'component' }>;

/** A program: what it is for, what it is doing, the chart it runs by, and what it knows. */
export function ComponentPage({ answer: { row, chart, knows, duty, upstream } }: { readonly answer: Answer }) {
  const { select } = useActions();
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
      <ChartPicture chart={chart} />
      <h3>What it knows</h3>
      <YamlText value={knows} />
    </>
  );
}
