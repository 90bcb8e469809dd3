import { useMemo, useState } from 'react';
import type { Rows } from '../../store/known-window.ts';
import type { Selection } from '../../store/state.ts';
import { storedObjects } from '../../store/stored-objects.ts';
import type { StoredObject } from '../../store/stored-objects.ts';
import { Hidden } from '../design/parts.tsx';
import { useActions, useApp, useSession } from '../shell/app-store.ts';
import css from './inspector.module.css';

const mostShown = 400;

/** Everything etcd holds, by kind; each a door. */
export function StoredPage() {
  const [wanted, setWanted] = useState('');
  const rows = useRowsOfStored();
  const groups = useMemo(() => grouped(storedObjects(rows), wanted), [rows, wanted]);
  const count = groups.reduce((sum, [, objects]) => sum + objects.length, 0);
  const shownGroups = firstOf(groups, mostShown);
  return (
    <>
      <label className={css.filter}>
        <Hidden>Only those with these words in them</Hidden>
        <input type="search" value={wanted} placeholder="Type to find: kind, name, namespace" spellCheck={false} onChange={(event) => setWanted(event.target.value)} />
      </label>
      {count === 0 && <p className={css.dim}>{wanted === '' ? 'Nothing is stored yet.' : `Nothing stored has “${wanted}” in it.`}</p>}
      {shownGroups.map(([kind, shown, of]) => (
        <section key={kind} className={css.kind}>
          <h3>{kind} <span className={css.dim}>{of}</span></h3>
          <ul>{shown.map((object) => <Door key={object.key} object={object} />)}</ul>
        </section>
      ))}
      {count > mostShown && <p className={css.dim}>and {count - mostShown} more: type to find them</p>}
    </>
  );
}

/** The rows, but not anew each time only a component's line changed. */
function useRowsOfStored(): Rows {
  useApp((state) => storedObjects(state.rows));
  return useSession().getState().rows;
}

function grouped(objects: readonly StoredObject[], wanted: string): [string, StoredObject[]][] {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const groups = new Map<string, StoredObject[]>();
  for (const object of objects) {
    const text = `${object.kind} ${object.namespace} ${object.name}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const group = groups.get(object.kind);
    if (group === undefined) groups.set(object.kind, [object]);
    else group.push(object);
  }
  return [...groups];
}

/** The first so many objects over all groups, each group with how many it has in all. */
function firstOf(groups: readonly (readonly [string, readonly StoredObject[]])[], most: number): readonly (readonly [string, readonly StoredObject[], number])[] {
  let room = most;
  return groups.flatMap(([kind, objects]) => {
    const shown = objects.slice(0, room);
    room -= shown.length;
    return shown.length > 0 ? [[kind, shown, objects.length] as const] : [];
  });
}

function Door({ object }: { readonly object: StoredObject }) {
  const { select } = useActions();
  const selection: Selection = { type: 'object', key: object.key, apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name };
  return (
    <li>
      <button type="button" className={css.door} onClick={() => select(selection, true)}>
        {object.namespace !== '' && <span className={css.dim}>{object.namespace}/</span>}{object.name}
      </button>
    </li>
  );
}
