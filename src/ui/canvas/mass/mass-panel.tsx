import { memo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { nodeStates, podStates } from '../../../session/port/mass-status.ts';
import type { MassView } from '../../../store/known-mass.ts';
import { classes } from '../../design/parts.tsx';
import { useApp } from '../../shell/app-store.ts';
import css from './mass.module.css';
import { MassLens } from './mass-lens.tsx';
import { nodesText, numberText, podsText, tally, troubles } from './mass-words.ts';

const mostTroubles = 40;

interface PanelProps { readonly view: MassView; readonly onGo: (node: number) => void; readonly pointedAt: string }

/** The same facts without the picture: how many are how, and a door to each node that needs somebody. */
export const MassPanel = memo(function MassPanel({ view, onGo, pointedAt }: PanelProps) {
  const { table } = view;
  const lens = useApp((state) => state.view.lens);
  const bad = troubles(table);
  return (
    <section className={css.panel} aria-label="All nodes and Pods">
      {table.origin === 'synthetic' && <p className={css.synthetic}><b>synthetic</b>: statuses from a seed, no components run</p>}
      <Counts title={nodesText(table)} states={nodeStates} counts={tally(table.nodes, nodeStates.length)} of="node" />
      <Counts title={podsText(table)} states={podStates} counts={tally(table.pods, podStates.length)} of="pod" />
      {lens && <MassLens table={table} onGo={onGo} />}
      <Find names={table.nodeNames} onGo={onGo} />
      <h3>{bad.length === 0 ? 'No node has a problem' : `${numberText(bad.length)} ${bad.length === 1 ? 'node has' : 'nodes have'} a problem`}</h3>
      <ul className={css.troubles} aria-label="Nodes with problems">
        {bad.slice(0, mostTroubles).map(({ node, text }) => (
          <li key={node}>
            <button type="button" onClick={() => onGo(node)} aria-label={`Go to node ${table.nodeNames[node]!}, ${text}`}>
              <span className={css.sign} aria-hidden="true">{text === 'NotReady' ? '✕' : '■'}</span><b>{table.nodeNames[node]}</b><span>{text}</span>
            </button>
          </li>
        ))}
        {bad.length > mostTroubles && <li className={css.rest}>and {numberText(bad.length - mostTroubles)} more</li>}
      </ul>
      <p className={css.pointed} aria-hidden="true">{pointedAt}</p>
    </section>
  );
});

function Counts({ title, states, counts, of }: { readonly title: string; readonly states: readonly string[]; readonly counts: readonly number[]; readonly of: 'node' | 'pod' }) {
  const [total, rest] = [title.slice(0, title.indexOf(':')), title.slice(title.indexOf(':'))];
  return (
    <div className={css.counts}>
      <h3 aria-label={title}>{total}<span className={css.spoken}>{rest}</span></h3>
      <ul aria-hidden="true">
        {counts.map((count, state) => count > 0 && <li key={states[state]}><i className={classes(css.swatch, css[`${of}${state}`])} /><b>{numberText(count)}</b> {states[state]}</li>)}
      </ul>
    </div>
  );
}

/** A node by its name, or by its number alone. */
function Find({ names, onGo }: { readonly names: readonly string[]; readonly onGo: (node: number) => void }) {
  const [missing, setMissing] = useState('');
  const find = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== 'Enter') return;
    const text = event.currentTarget.value.trim().toLowerCase();
    const exact = names.indexOf(text);
    const found = exact >= 0 || text === '' ? exact : names.findIndex((name) => name.endsWith(`-${text}`) || Number(/\d+$/.exec(name)?.[0]) === Number(text));
    setMissing(found < 0 && text !== '' ? `No node is called ${text}.` : '');
    if (found >= 0) onGo(found);
  };
  return (
    <div className={css.find}>
      <input type="text" aria-label="Go to a node by its name" placeholder="Go to a node: name, Enter" autoComplete="off" spellCheck={false} onKeyDown={find} />
      {missing !== '' && <p role="alert">{missing}</p>}
    </div>
  );
}
