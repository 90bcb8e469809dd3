import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { clockText } from '../../../store/words.ts';
import { classes } from '../../design/parts.tsx';
import { Breakable } from '../parts/breakable.tsx';
import { Table } from '../parts/tables.tsx';
import css from './object.module.css';

interface Condition { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string; readonly lastTransitionTime?: string | null }

/** Conditions that are bad news when they hold. */
const unwanted = /Pressure$|^NetworkUnavailable$|Failure$|^DisruptionTarget$/;
const isGood = ({ type, status }: Condition): boolean | undefined => (status === 'Unknown' ? undefined : (status === 'True') !== unwanted.test(type));

/** What the status says of the object, condition by condition. */
export function Conditions({ object }: { readonly object: unknown }) {
  const conditions = (object as { status?: { conditions?: readonly Condition[] } } | null)?.status?.conditions ?? [];
  if (conditions.length === 0) return null;
  const explained = conditions.some(({ reason, message }) => (reason ?? '') + (message ?? '') !== '');
  return (
    <>
      <h3>Conditions</h3>
      <Table label="Conditions" columns={['condition', 'status', 'since', ...(explained ? ['why'] : [])]}>
        {conditions.map((condition) => {
          const good = isGood(condition);
          const sinceUs = parseTime(condition.lastTransitionTime);
          return (
            <tr key={condition.type}>
              <th scope="row"><Breakable text={condition.type} /></th>
              <td className={classes(css.status, good === true ? css.good : css.bad)}>{good === undefined ? '?' : good ? '✓' : '✕'} {condition.status}</td>
              <td className={css.nowrap}>{sinceUs === undefined ? '' : clockText(sinceUs).replace(/\.\d+ s$/, ' s')}</td>
              {explained && <td>{condition.reason}{condition.message !== undefined && condition.message !== '' && <span className={css.message}>{condition.message}</span>}</td>}
            </tr>
          );
        })}
      </Table>
    </>
  );
}
