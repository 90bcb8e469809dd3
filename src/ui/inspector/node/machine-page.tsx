import type { MachineAnswer, Usage } from '../../../session/port/machine.ts';
import { objectKey } from '../../../store/rows-view.ts';
import { usedText } from '../../canvas/quantities.ts';
import { useActions } from '../../shell/app-store.ts';
import { Facts, Table } from '../parts/tables.tsx';
import { useAnswerOf } from '../parts/use-answer.ts';
import { amountText, shares } from './amounts.ts';
import css from './node.module.css';

/** What is on the machine: how much of it is spoken for, by which Pod, and what containerd, kube-proxy and the network have. */
export function MachinePage({ name }: { readonly name: string }) {
  const answer = useAnswerOf({ type: 'machine', node: name }, objectKey('Node', '', name), true);
  if (answer === undefined) return <p className={css.dim}>Looking…</p>;
  if (typeof answer === 'string') return <p className={css.dim}>{answer}</p>;
  return (
    <>
      <h3>Requested and used</h3>
      <dl className={css.usage}>{answer.usage.map((usage) => <Bar key={usage.resource} usage={usage} />)}</dl>
      <p className={css.dim}>The wide bar is what Pods request, which is what the scheduler counts. The thin bar is what their containers use now. The mark is what they may use at most.</p>
      {answer.pods.length > 0 && <Pods pods={answer.pods} />}
      {answer.tables.map((table) => <Facts key={table.title} table={table} />)}
    </>
  );
}

function Bar({ usage }: { readonly usage: Usage }) {
  const { resource, used: inUse, requested, limits, allocatable } = usage;
  const { used, fill, limit } = shares(usage);
  return (
    <div className={css.row}>
      <dt>{resource}</dt>
      <dd>
        <span className={css.bar} aria-hidden="true">
          <span className={css.fill} style={{ width: `${fill}%` }} />
          {inUse > 0 && <span className={css.used} style={{ width: `${used}%` }} />}
          {limits > 0 && <span className={css.limit} style={{ left: `${limit}%` }} />}
        </span>
        <span><b>{amountText(resource, requested)}</b> of {amountText(resource, allocatable)} <span className={css.dim}>· {resource === 'pods' ? `${inUse} running` : `${usedText(resource, inUse)} used`}</span>{limits > 0 && <span className={css.dim}> · limits {amountText(resource, limits)}{limits > allocatable && ', more than there is'}</span>}</span>
      </dd>
    </div>
  );
}

function Pods({ pods }: { readonly pods: MachineAnswer['pods'] }) {
  const { select } = useActions();
  const range = (resource: 'cpu' | 'memory', used: number, requested: number, limit: number): string => `${usedText(resource, used)} / ${requested === 0 ? '—' : amountText(resource, requested)} / ${limit === 0 ? '—' : amountText(resource, limit)}`;
  return (
    <Table label="What each Pod uses, requests and is limited to" columns={['Pod', 'cpu: used / request / limit', 'memory: used / request / limit']}>
      {pods.map(({ namespace, name, cpuMillis, cpuLimitMillis, memoryBytes, memoryLimitBytes, used }) => (
        <tr key={`${namespace}/${name}`}>
          <th scope="row"><button type="button" className={css.door} onClick={() => select({ type: 'object', key: objectKey('Pod', namespace, name), apiVersion: 'v1', kind: 'Pod', namespace, name }, true)}>{namespace}/{name}</button></th>
          <td className={css.amount}>{range('cpu', used.cpuMillis, cpuMillis, cpuLimitMillis)}</td><td className={css.amount}>{range('memory', used.memoryBytes, memoryBytes, memoryLimitBytes)}</td>
        </tr>
      ))}
    </Table>
  );
}
