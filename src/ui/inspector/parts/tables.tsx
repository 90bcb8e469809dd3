import type { ReactNode } from 'react';
import type { FactTable } from '../../../session/port/fact-table.ts';
import { classes } from '../../design/parts.tsx';
import { Breakable } from './breakable.tsx';
import css from './tables.module.css';

/** A table that scrolls sideways where there is no room; its first column names the row. */
export function Table({ label, columns, children, quiet = false }: { readonly label: string; readonly columns: readonly ReactNode[]; readonly children: ReactNode; readonly quiet?: boolean }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must be able to reach it
    <section className={css.scroll} tabIndex={0} aria-label={label}>
      <table className={classes(css.table, quiet && css.quiet)}>
        <thead><tr>{columns.map((column, index) => <th key={index} scope="col">{column}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** What is short stays on one line: `worker-1`, `3 of 110`. */
const isShort = (cell: string): boolean => cell.length <= 18;
const isNumber = (cell: string): boolean => /^-?\d[\d,.]*(m|Mi|Gi)?$/.test(cell);

/** What a program knows, as a table; a single row is read better from top to bottom. */
export function Facts({ table: { title, note, columns, rows, more } }: { readonly table: FactTable }) {
  return (
    <section>
      <h4 className={css.title}>{title}{rows.length > 1 && <span>{rows.length + more}</span>}</h4>
      {note !== '' && <p className={css.note}>{note}</p>}
      {rows.length === 0 && note === '' && <p className={css.note}>None.</p>}
      {rows.length === 1 && columns.length > 2 && <dl className={css.single}>{columns.map((column, index) => rows[0]![index] !== '' && [<dt key={`${column}-name`}>{column}</dt>, <dd key={column}>{rows[0]![index]}</dd>])}</dl>}
      {(rows.length > 1 || (rows.length === 1 && columns.length <= 2)) && (
        <Table label={title} columns={columns}>
          {rows.map((row, index) => <tr key={index}>{row.map((cell, at) => (at === 0 ? <th key={at} scope="row" className={classes(isShort(cell) && css.short)}><Breakable text={cell} /></th> : <td key={at} className={isNumber(cell) ? css.number : classes(isShort(cell) && css.short)}>{cell}</td>))}</tr>)}
        </Table>
      )}
      {more > 0 && <p className={css.note}>and {more} more</p>}
    </section>
  );
}
