import type { MassTable } from '../../../session/port/mass-status.ts';
import { useApp } from '../../shell/app-store.ts';
import { nodesApart } from '../two-truths.ts';
import css from './mass.module.css';
import { countWord } from './mass-words.ts';

const most = 20;

/** The lens for two truths where there is no room for two columns: on which nodes they differ. Tiles show what the API server believes. */
export function MassLens({ table, onGo }: { readonly table: MassTable; readonly onGo: (node: number) => void }) {
  const said = useApp(({ rows }) => (table.origin === 'world' ? JSON.stringify(nodesApart(rows)) : '[]'));
  const apart = JSON.parse(said) as ReturnType<typeof nodesApart>;
  if (table.origin === 'synthetic') return <p className={css.note}><b>Two truths</b>: statuses from a seed have only one. Nothing runs that they could differ from.</p>;
  return (
    <div className={css.note}>
      <p><b>Two truths</b>: tiles show what the API server believes. {apart.length === 0 ? 'It is so on every node.' : `It is not so on ${countWord(apart.length, 'node')}:`}</p>
      <ul aria-label="Nodes on which it is not so">
        {apart.slice(0, most).map(({ node, difference }) => <li key={node}><button type="button" title={difference} onClick={() => onGo(table.nodeNames.indexOf(node))}>≠ <b>{node}</b> {difference}</button></li>)}
        {apart.length > most && <li>and {apart.length - most} more</li>}
      </ul>
    </div>
  );
}
