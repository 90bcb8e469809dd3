import type { MachineAnswer, Usage } from '../../../session/port/machine.ts';
import { objectKey } from '../../../store/rows-view.ts';
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
      <h3>Spoken for</h3>
      <dl className={css.usage}>{answer.usage.map((usage) => <Bar key={usage.resource} usage={usage} />)}</dl>
      <p className={css.dim}>The filled bar is what Pods request, which is what the scheduler counts; the line marks what they may use at most.</p>
      {answer.pods.length > 0 && <Pods pods={answer.pods} />}
      {answer.tables.map((table) => <Facts key={table.title} table={table} />)}
    </>
  );
}

function Bar({ usage }: { readonly usage: Usage }) {
  const { resource, requested, limits, allocatable } = usage;
  const { fill, limit } = shares(usage);
  return (
    <div className={css.row}>
      <dt>{resource}</dt>
      <dd>
        <span className={css.bar} aria-hidden="true">
          <span className={css.fill} style={{ width: `${fill}%` }} />
          {limits > 0 && <span className={css.limit} style={{ left: `${limit}%` }} />}
        </span>
        <span><b>{amountText(resource, requested)}</b> of {amountText(resource, allocatable)}{limits > 0 && <span className={css.dim}> · limits {amountText(resource, limits)}{limits > allocatable && ', more than there is'}</span>}</span>
      </dd>
    </div>
  );
}

function Pods({ pods }: { readonly pods: MachineAnswer['pods'] }) {
  const { select } = useActions();
  const range = (resource: 'cpu' | 'memory', requested: number, limit: number): string => `${requested === 0 ? '—' : amountText(resource, requested)} / ${limit === 0 ? '—' : amountText(resource, limit)}`;
  return (
    <Table label="Requests and limits of each Pod" columns={['Pod', 'cpu: request / limit', 'memory: request / limit']}>
      {pods.map(({ namespace, name, cpuMillis, cpuLimitMillis, memoryBytes, memoryLimitBytes }) => (
        <tr key={`${namespace}/${name}`}>
          <th scope="row"><button type="button" className={css.door} onClick={() => select({ type: 'object', key: objectKey('Pod', namespace, name), apiVersion: 'v1', kind: 'Pod', namespace, name }, true)}>{namespace}/{name}</button></th>
          <td className={css.amount}>{range('cpu', cpuMillis, cpuLimitMillis)}</td><td className={css.amount}>{range('memory', memoryBytes, memoryLimitBytes)}</td>
        </tr>
      ))}
    </Table>
  );
}
