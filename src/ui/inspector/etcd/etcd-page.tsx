import { useMemo, useState } from 'react';
import type { EtcdAnswer } from '../../../session/port/etcd-view.ts';
import { Table } from '../parts/tables.tsx';
import { useAnswerOf } from '../parts/use-answer.ts';
import css from './etcd.module.css';
import { KeySpace } from './key-space.tsx';
import { keyTree } from './key-tree.ts';

/** What etcd keeps: its revisions, its members, every key, and who watches which of them. */
export function EtcdPage({ address }: { readonly address: string }) {
  const [open, setOpen] = useState<string>();
  const answer = useAnswerOf({ type: 'etcd', address, ...(open !== undefined && { open }) }, `component/${address}`);
  const [last, setLast] = useState<EtcdAnswer>();
  // Opening a key asks anew; meanwhile the tree stays.
  if (typeof answer === 'object' && answer !== last) setLast(answer);
  const shown = typeof answer === 'object' ? answer : last;
  const tree = useMemo(() => keyTree(shown?.keys ?? []), [shown]);
  if (typeof answer === 'string') return <p className={css.dim}>{answer}</p>;
  if (shown === undefined) return <p className={css.dim}>Looking…</p>;
  const { revision, compactedRevision, watchers, leases } = shown;
  return (
    <>
      <dl className={css.revisions}>
        <div><dt>revision now</dt><dd>{revision}</dd></div>
        <div><dt>compacted up to</dt><dd>{compactedRevision === 0 ? 'nothing yet' : compactedRevision}</dd></div>
        <div><dt>keys</dt><dd>{shown.keys.length}</dd></div>
      </dl>
      <p className={css.dim}>Every write raises the revision by one. What was before the compacted revision can no longer be read or watched from.</p>
      <Members members={shown.members} />
      <h3>Keys</h3>
      <KeySpace tree={tree} open={open} setOpen={setOpen} value={shown.open?.key === open ? shown.open?.value : undefined} />
      <h3>Watchers <span className={css.dim}>{watchers.length}</span></h3>
      <Table label="Watchers" columns={['prefix', 'who', 'from revision']}>
        {watchers.map(({ by, from, startRevision }, index) => <tr key={index}><th scope="row" className={css.mono}>{from}</th><td>{by}</td><td className={css.mono}>{startRevision === 0 ? 'now' : startRevision}</td></tr>)}
      </Table>
      {leases.length > 0 && (
        <>
          <h3>Leases</h3>
          <Table label="Leases" columns={['lease', 'time to live', 'keys that end with it']}>
            {leases.map(({ id, ttlSeconds, keys }) => <tr key={id}><th scope="row" className={css.mono}>{id}</th><td>{ttlSeconds} s</td><td>{keys}</td></tr>)}
          </Table>
        </>
      )}
    </>
  );
}

function Members({ members }: { readonly members: EtcdAnswer['members'] }) {
  const running = members.filter((member) => member.running).length;
  const quorum = Math.floor(members.length / 2) + 1;
  return (
    <>
      <h3>Members</h3>
      <p className={css.quorum}>{running >= quorum ? '✓' : '✕'} {running} of {members.length} {members.length === 1 ? 'member' : 'members'} running; writes need {quorum}{running >= quorum ? '' : ', so nothing can be written'}.</p>
      <Table label="Members" columns={['member', 'role']}>{members.map(({ address, role }) => <tr key={address}><th scope="row" className={css.mono}>{address}</th><td>{role}</td></tr>)}</Table>
    </>
  );
}
