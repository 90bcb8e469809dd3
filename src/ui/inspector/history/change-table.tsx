import type { FieldChange } from '../../../session/port/history.ts';
import { Breakable } from '../parts/breakable.tsx';
import { Table } from '../parts/tables.tsx';
import css from './history.module.css';
import { valueText } from './value-text.ts';

/** Fields with what they were and what they are. */
export function ChangeTable({ changes, label }: { readonly changes: readonly FieldChange[]; readonly label: string }) {
  return (
    <Table label={label} columns={['field', 'before', 'after']}>
      {changes.map((change) => (
        <tr key={change.path}>
          <th scope="row" className={css.path}>{change.path === '' ? 'all of it' : <Breakable text={change.path} />}</th>
          <td className={css.before}>{'before' in change ? valueText(change.before) : <i>absent</i>}</td>
          <td className={css.after}>{'after' in change ? valueText(change.after) : <i>removed</i>}</td>
        </tr>
      ))}
    </Table>
  );
}
