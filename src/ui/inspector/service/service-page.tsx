import type { NodeRules, ServiceAnswer } from '../../../session/port/service-view.ts';
import { objectKey } from '../../../store/rows-view.ts';
import { classes } from '../../design/parts.tsx';
import { useActions } from '../../shell/app-store.ts';
import { Table } from '../parts/tables.tsx';
import { useAnswerOf } from '../parts/use-answer.ts';
import css from './service.module.css';

/** Who answers for the Service, and what every node makes of it: they need not agree. */
export function ServicePage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const answer = useAnswerOf({ type: 'service', namespace, name }, objectKey('Service', namespace, name), true);
  if (answer === undefined) return <p className={css.dim}>Looking…</p>;
  if (typeof answer === 'string') return <p className={css.dim}>{answer}</p>;
  const behind = answer.proxies.filter(({ stale, missing }) => stale.length + missing.length > 0);
  return (
    <>
      <h3>Endpoints, as the API server has them</h3>
      <Endpoints endpoints={answer.endpoints} />
      <h3>Rules, as each node has them</h3>
      <p className={classes(css.verdict, behind.length > 0 && css.differs)}>
        {behind.length === 0 ? '✓ All nodes have what the API server has.' : `△ ${behind.map(({ node }) => node).join(', ')} ${behind.length === 1 ? 'is' : 'are'} not up to date: connections from there may go elsewhere.`}
      </p>
      <Table label="Rules on each node" columns={['node', 'address', 'goes to', 'against the API server']}>
        {answer.proxies.map((proxy) => <Rules key={proxy.node} proxy={proxy} />)}
      </Table>
    </>
  );
}

function Endpoints({ endpoints }: { readonly endpoints: ServiceAnswer['endpoints'] }) {
  const { select } = useActions();
  if (endpoints.length === 0) return <p className={css.dim}>Nobody answers: no Pod matches the selector, or none has an address yet.</p>;
  return (
    <Table label="Endpoints" columns={['Pod', 'address', 'node', 'state']}>
      {endpoints.map(({ address, pod, namespace, node, ready, serving, terminating }) => (
        <tr key={address}>
          <th scope="row">{pod === '' ? '—' : <button type="button" className={css.door} onClick={() => select({ type: 'object', key: objectKey('Pod', namespace, pod), apiVersion: 'v1', kind: 'Pod', namespace, name: pod }, true)}>{pod}</button>}</th>
          <td className={css.address}>{address}</td><td className={css.node}>{node}</td>
          <td className={classes(css.state, ready ? css.good : css.bad)}>{ready ? '✓ ready' : '✕ not ready'}{terminating && (serving ? ', terminating but serving' : ', terminating')}</td>
        </tr>
      ))}
    </Table>
  );
}

function Rules({ proxy: { node, running, rules, stale, missing } }: { readonly proxy: NodeRules }) {
  return (
    <tr>
      <th scope="row">{node}{!running && <span className={css.stopped}>kube-proxy is stopped; its rules stay</span>}</th>
      <td className={css.address}>{rules.map(({ port }) => <div key={port}>{port}</div>)}{rules.length === 0 && '—'}</td>
      <td className={css.address}>
        {rules.map(({ port, endpoints }) => <div key={port}>{endpoints.length === 0 ? 'nobody: rejected' : endpoints.map((one) => <span key={one} className={classes(css.target, stale.includes(one) && css.old)}>{one}</span>)}</div>)}
        {rules.length === 0 && 'no rule'}
      </td>
      <td>{stale.length + missing.length === 0 ? <span className={css.good}>✓ the same</span> : <>{stale.length > 0 && <div className={css.bad}>still has {stale.join(', ')}</div>}{missing.length > 0 && <div className={css.bad}>lacks {missing.join(', ')}</div>}</>}</td>
    </tr>
  );
}
