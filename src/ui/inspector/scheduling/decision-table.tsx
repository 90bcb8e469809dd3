import type { NodeColumn, SchedulingAttempt } from '../../../session/port/scheduling.ts';
import { classes, Hidden } from '../../design/parts.tsx';
import { Breakable } from '../parts/breakable.tsx';
import { Table } from '../parts/tables.tsx';
import css from './scheduling.module.css';
import { filterVerdict } from './verdict.ts';

const signs = { passes: '✓', refuses: '✕', 'not asked': '·', 'nothing to check': '—' } as const;

/** Plugin × node: who refused which node, and how the others were scored, with the arithmetic. */
export function DecisionTable({ attempt, covered }: { readonly attempt: SchedulingAttempt; readonly covered: boolean }) {
  const { nodes: told, filters, scores, chosen } = attempt;
  const nodes = covered ? told.toSorted((a, b) => (a.node < b.node ? -1 : 1)) : told;
  const isChosen = (column: NodeColumn): boolean => !covered && column.node === chosen;
  return (
    <>
      <Table label="Filters and scores, plugin by plugin and node by node" columns={['plugin', ...nodes.map((column) => <span key={column.node} className={classes(isChosen(column) && css.winner)}>{isChosen(column) && '★ '}{column.node}</span>)]}>
        <tr className={css.part}><th colSpan={nodes.length + 1} scope="colgroup">Filter: can it run there at all?</th></tr>
        {filters.map(({ plugin, asked }) => (
          <tr key={plugin} className={asked ? undefined : css.idle}>
            <th scope="row"><Breakable text={plugin} /></th>
            {asked ? nodes.map((column) => <FilterCell key={column.node} attempt={attempt} column={column} plugin={plugin} />) : <td colSpan={nodes.length}>has nothing to check for this Pod</td>}
          </tr>
        ))}
        {scores.length > 0 && <tr className={css.part}><th colSpan={nodes.length + 1} scope="colgroup">Score: where is it best?</th></tr>}
        {scores.map(({ plugin, weight, normalizes }, index) => (
          <tr key={plugin}>
            <th scope="row"><Breakable text={plugin} /><span className={css.weight}>weight {weight}{normalizes && ', normalized'}</span></th>
            {nodes.map((column) => <ScoreCell key={column.node} score={column.scores[index]} weight={weight} normalizes={normalizes} />)}
          </tr>
        ))}
        {scores.length > 0 && (
          <tr className={css.total}>
            <th scope="row">total</th>
            {nodes.map((column) => <td key={column.node} className={classes(isChosen(column) && css.winner)}>{column.refusedBy !== '' ? '' : covered ? '?' : column.total}</td>)}
          </tr>
        )}
      </Table>
      {scores.length > 0 && <p className={css.dim}>A plugin gives raw points; NormalizeScore brings some of them to 0–100; each is multiplied by its weight, and the sum decides.</p>}
    </>
  );
}

function FilterCell({ attempt, column, plugin }: { readonly attempt: SchedulingAttempt; readonly column: NodeColumn; readonly plugin: string }) {
  const verdict = filterVerdict(attempt, column, plugin);
  return <td className={css[verdict.split(' ')[0]!]}><span aria-hidden="true">{signs[verdict]}</span><Hidden>{verdict}</Hidden>{verdict === 'refuses' && <span className={css.reason}>{column.reasons.join(', ')}</span>}</td>;
}

function ScoreCell({ score, weight, normalizes }: { readonly score: NodeColumn['scores'][number] | undefined; readonly weight: number; readonly normalizes: boolean }) {
  if (score === undefined) return <td><Hidden>not scored</Hidden></td>;
  const { raw, normalized, weighted } = score;
  return <td className={css.score}>{normalizes && <>{raw} → </>}{normalized} × {weight} = <b>{weighted}</b></td>;
}
