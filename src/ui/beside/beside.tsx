import { useState } from 'react';
import { futureName } from '../../store/futures.ts';
import { Stage } from '../canvas/stage.tsx';
import { Button, classes } from '../design/parts.tsx';
import { AppStoreContext, useActions, useApp, useSession } from '../shell/app-store.ts';
import css from './beside.module.css';
import { DifferencesTable } from './differences-table.tsx';
import { useDifferences } from './use-differences.ts';
import { useOtherStore } from './use-other-store.ts';
import { useStore } from 'zustand';
import type { SessionStore } from '../../store/session-store.ts';

/** Two futures at the same moment, one clock for both, and what differs between them. */
export default function Beside() {
  const other = useOtherStore();
  return other === null ? <Stage /> : <Two other={other} />;
}

function Two({ other }: { readonly other: SessionStore }) {
  const session = useSession();
  const { setBeside, switchTo } = useActions();
  const futures = useApp((state) => state.futures);
  const besideId = useApp((state) => state.besideId);
  const failure = useStore(other, (state) => (state.phase === 'failed' ? state.failure : ''));
  const opening = useStore(other, (state) => state.phase === 'opening');
  // Where there is room for one stage, a switch says which.
  const [shown, setShown] = useState<'here' | 'there'>('here');
  const comparison = useDifferences(session, other);
  const nameOf = (id: number | null): string => futures.all.filter((future) => future.id === id).map(futureName)[0] ?? '';
  const [here, there] = [nameOf(futures.currentId), nameOf(besideId)];
  return (
    <div className={css.beside} data-shown={shown}>
      <nav className={css.switch} aria-label="Which future is shown">
        <button type="button" aria-pressed={shown === 'here'} onClick={() => setShown('here')}>{here}</button>
        <button type="button" aria-pressed={shown === 'there'} onClick={() => setShown('there')}>{there}</button>
      </nav>
      <div className={classes(css.side, css.here)}>
        <p className={css.name}><b>{here}</b></p>
        <Stage name={`The cluster in “${here}”`} />
      </div>
      <div className={classes(css.side, css.there)}>
        <p className={css.name}>
          <b>{there}</b>
          {besideId !== null && <Button look="quiet" title="It takes the place of the one shown, so that you can act in it" onClick={() => switchTo(besideId)}>Switch</Button>}
          <Button look="quiet" aria-label="Close the future beside" onClick={() => setBeside(null)}>✕</Button>
        </p>
        <AppStoreContext.Provider value={other}><Stage name={`The cluster in “${there}”`} /></AppStoreContext.Provider>
        {opening && <output className={css.wait}>Computing this future…</output>}
        {failure !== '' && <p className={css.wait} role="alert">This future can not be shown: {failure}</p>}
      </div>
      <DifferencesTable comparison={comparison} here={here} there={there} />
    </div>
  );
}
