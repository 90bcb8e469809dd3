import type { CronJobRow, JobRow } from '../../session/port/rows.ts';
import { classes } from '../design/parts.tsx';
import css from './stage.module.css';
import { Thing } from './thing.tsx';

const wordOf = (row: JobRow): string => (row.state === 'Running' && row.active > 0 ? `${row.active} at work` : row.state);

/** A Job with what it has done of what it is to do, or a CronJob with its schedule. */
export function TaskItem({ id, row }: { readonly id: string; readonly row: JobRow | CronJobRow }) {
  const selection = { type: 'object', key: id, apiVersion: row.apiVersion, kind: row.kind, namespace: row.namespace, name: row.name } as const;
  const said = row.type === 'job' ? `${row.succeeded} of ${row.wanted} succeeded, ${wordOf(row)}` : `${row.schedule}, ${row.suspended ? 'suspended' : `${row.active} at work`}`;
  return (
    <Thing id={id} className={classes(css.item, row.deleting && css.leaving)} label={`${row.kind} ${row.name}: ${said}`} selection={selection}>
      <span className={css.kind}>{row.kind}</span><b>{row.namespace === 'default' ? '' : <span className={css.space}>{row.namespace}/</span>}{row.name}</b>
      {row.type === 'job' && <Progress row={row} />}
      {row.type === 'cron-job' && <><span className={css.figure}>{row.schedule}</span><span className={css.kind}>{row.suspended ? 'suspended' : row.active > 0 ? `${row.active} at work` : ''}</span></>}
    </Thing>
  );
}

const mostCells = 8;

function Progress({ row }: { readonly row: JobRow }) {
  const tone = row.state === 'Complete' ? css.good : row.state === 'Failed' ? css.bad : css.waiting;
  return (
    <>
      <span className={css.cells} aria-hidden="true">{Array.from({ length: Math.min(mostCells, row.wanted) }, (_, index) => <i key={index} className={classes(index < row.succeeded ? css.full : index < row.succeeded + row.active ? css.short : undefined)} />)}</span>
      <span className={classes(css.figure, tone)}>{row.succeeded}/{row.wanted}</span><span className={css.kind}>{wordOf(row)}</span>
    </>
  );
}
