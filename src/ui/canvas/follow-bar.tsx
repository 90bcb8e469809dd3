import { useState } from 'react';
import type { PodRow } from '../../session/port/rows.ts';
import type { Rows } from '../../store/known-window.ts';
import { objectKey, viewOf } from '../../store/rows-view.ts';
import { Button } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import css from './stage.module.css';

function siblingsOf(rows: Rows, ownerUid: string): readonly PodRow[] {
  return ownerUid === '' ? [] : [...viewOf(rows).podsByNode.values()].flat().filter((pod) => pod.ownerUid === ownerUid);
}

/** Says whom the picture stays with, and when it is gone, who came in its place. */
export function FollowBar() {
  const following = useApp((state) => state.view.following);
  return following === null ? null : <Followed key={following} podKey={following} />;
}

function Followed({ podKey }: { readonly podKey: string }) {
  const row = useApp((state) => state.rows[podKey]);
  const { look } = useActions();
  const pod = row?.type === 'pod' ? row : undefined;
  /** The Pod as it was last seen, and the siblings it had while it was to stay: whoever is not among them came later. */
  const [last, setLast] = useState<{ readonly pod: PodRow; readonly siblings: string }>();
  const siblings = useApp((state) => siblingsOf(state.rows, (pod ?? last?.pod)?.ownerUid ?? '').map(({ uid, namespace, name }) => `${uid} ${objectKey('Pod', namespace, name)}`).join('\n'));
  if (pod !== undefined && !pod.deleting && (last?.pod !== pod || last.siblings !== siblings)) setLast({ pod, siblings });
  const leaves = pod === undefined || pod.deleting;
  const successor = leaves && last !== undefined ? siblings.split('\n').find((each) => each !== '' && !last.siblings.includes(each))?.split(' ')[1] : undefined;
  const name = podKey.split('/').at(-1)!;
  const where = pod === undefined ? 'is gone' : pod.deleting ? 'is leaving' : `${pod.status}, ${pod.node === '' ? 'waits for a node' : `on ${pod.node}`}`;
  return (
    <output className={css.lookBar} aria-label="Followed">
      <span>Pod <b>{name}</b> {where}{successor !== undefined && <>; <b>{successor.split('/').at(-1)}</b> took its place</>}</span>
      {successor !== undefined && <Button onClick={() => look({ following: successor, camera: null, focus: null })}>Follow it</Button>}
      <Button look="quiet" onClick={() => look({ following: null })}>Stop</Button>
    </output>
  );
}
