import type { FamilyMember } from '../../../session/port/family.ts';
import { objectKey } from '../../../store/rows-view.ts';
import { classes } from '../../design/parts.tsx';
import { useActions } from '../../shell/app-store.ts';
import { useAnswerOf } from '../parts/use-answer.ts';
import css from './object.module.css';

/** Whom the object belongs to and what belongs to it; each a door. Shown where there is anybody besides it. */
export function FamilyTree({ kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string }) {
  const answer = useAnswerOf({ type: 'family', kind, namespace, name }, objectKey(kind, namespace, name), true);
  if (answer === undefined || typeof answer === 'string' || answer.members.length < 2) return null;
  return (
    <>
      <h3>Owners and what they own</h3>
      <ul className={css.family}>{answer.members.map((member) => <Member key={`${member.kind}/${member.name}`} member={member} />)}</ul>
    </>
  );
}

function Member({ member: { depth, apiVersion, kind, namespace, name, self, state, missing } }: { readonly member: FamilyMember }) {
  const { select } = useActions();
  const words = <><span className={css.kind}>{kind}</span> <b>{name}</b>{state !== '' && <span className={css.state}>{state}</span>}</>;
  return (
    <li style={{ paddingLeft: depth * 20 }} className={classes(depth > 0 && css.child)}>
      {self || missing ? <span className={classes(css.member, self && css.self)} aria-current={self ? 'true' : undefined}>{words}</span>
        : <button type="button" className={css.member} onClick={() => select({ type: 'object', key: objectKey(kind, namespace, name), apiVersion, kind, namespace, name }, true)}>{words}</button>}
    </li>
  );
}
