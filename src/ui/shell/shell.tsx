import { lazy, Suspense, useState } from 'react';
import type { LazyExoticComponent, MouseEvent, ReactNode } from 'react';
import { newRecording } from '../../store/session-store.ts';
import type { AppState, Panel } from '../../store/state.ts';
import { Stage } from '../canvas/stage.tsx';
import { Button, classes, Logo } from '../design/parts.tsx';
import { ManifestEditor } from '../editor/manifest-editor.tsx';
import { DropZone } from '../files/drop-zone.tsx';
import { StoryLog } from '../log/story-log.tsx';
import { TimeBar } from '../timeline/time-bar.tsx';
import { useActions, useApp } from './app-store.ts';
import { Menus } from './menus.tsx';
import css from './shell.module.css';
import { SkipLinks } from './skip-links.tsx';
import { useFirstSteps } from './use-first-steps.ts';
import { useKeys } from './use-keys.ts';

/** What lies over the stage is fetched when there is something to lay. */
const Overlays = lazy(() => import('./overlays.tsx'));
const Beside = lazy(() => import('../beside/beside.tsx'));
const Palette = lazy(() => import('../finding/palette.tsx'));
const KeySheet = lazy(() => import('../finding/key-sheet.tsx'));
const Finding = lazy(() => import('../finding/finding.tsx'));
const SceneCaption = lazy(() => import('./scene-caption.tsx'));
const Presenter = lazy(() => import('../presenter/presenter.tsx'));

const panels: readonly { readonly panel: Panel; readonly name: string }[] = [{ panel: 'stage', name: 'Cluster' }, { panel: 'manifest', name: 'Manifest' }, { panel: 'log', name: 'What is happening' }];

const giveBack = (event: MouseEvent): void => {
  if (event.detail > 0 && event.target instanceof Element) event.target.closest('button')?.blur();
};

/** The whole page. */
export function Shell() {
  useKeys();
  useFirstSteps();
  const panel = useApp((state) => state.view.panel);
  const beside = useApp((state) => state.besideId !== null);
  const { look } = useActions();
  const wanted = useApp((state) => state.notices.length > 0 || state.hint !== null || state.inspecting || state.view.link !== null || state.view.filming !== null);
  const [needed, setNeeded] = useState(false);
  if (wanted && !needed) setNeeded(true);
  const told = useApp((state) => state.scene !== null);
  const presenting = useApp((state) => state.view.mode === 'present');
  if (presenting) return <Suspense fallback={null}><Presenter /></Suspense>;
  return (
    // A button that was clicked gives the keyboard back: Space is for playing, not for applying once more.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- it answers clicks on the buttons inside
    <div className={css.page} data-tab={panel} data-beside={beside} onClick={giveBack}>
      <SkipLinks />
      <Header />
      <nav className={css.tabs} aria-label="Panels">
        {panels.map((each) => <button key={each.panel} type="button" aria-pressed={panel === each.panel} onClick={() => look({ panel: each.panel })}>{each.name}</button>)}
      </nav>
      <aside className={css.side}><ManifestEditor /><StoryLog /></aside>
      <main className={classes(css.main, told && css.told)}>
        {told && <Suspense fallback={<span />}><SceneCaption /></Suspense>}
        {beside ? <Suspense fallback={<Stage />}><Beside /></Suspense> : <Stage />}
        <Waiting />
        {needed && <Suspense fallback={null}><Overlays /></Suspense>}
        <OnDemand when={searches} what={Finding} stays />
      </main>
      <TimeBar />
      <DropZone />
      <OnDemand when={(state) => state.view.palette} what={Palette} />
      <OnDemand when={(state) => state.view.help} what={KeySheet} />
    </div>
  );
}

const searches = ({ view }: AppState): boolean => view.finding || view.filter !== '';

interface OnDemandProps { readonly when: (state: AppState) => boolean; readonly what: LazyExoticComponent<() => ReactNode>; /** Once there, it stays and goes on by itself. */ readonly stays?: boolean }

/** A part of the page that is fetched when it is first wanted. */
function OnDemand({ when, what: What, stays = false }: OnDemandProps) {
  const wanted = useApp(when);
  const [needed, setNeeded] = useState(false);
  if (wanted && !needed) setNeeded(true);
  return (wanted || (stays && needed)) && <Suspense fallback={null}><What /></Suspense>;
}

function Header() {
  const { look } = useActions();
  return (
    <header className={css.header}>
      <Logo />
      <h1>Orrery</h1>
      <span className={css.subtitle}>a working model of Kubernetes</span>
      <span className={css.space} />
      <Button look="quiet" className={css.search} aria-haspopup="dialog" title="Search everything, and do it (Ctrl+K)" onClick={() => look({ palette: true })}>Search <kbd aria-hidden="true">Ctrl+K</kbd></Button>
      <Menus />
    </header>
  );
}

/** Says what the page waits for; over the stage, which stays as it is. */
function Waiting() {
  const phase = useApp((state) => state.phase);
  const failure = useApp((state) => state.failure);
  const recording = useApp((state) => state.recording);
  const empty = useApp((state) => state.branch < 0);
  const served = useApp((state) => state.served !== null);
  const { open } = useActions();
  if (phase === 'failed' && served) return <div className={css.failed} role="alert"><h2>No connection to the cluster</h2><p>{failure}</p></div>;
  if (phase === 'failed') {
    return (
      <div className={css.failed} role="alert">
        <h2>The world stopped working</h2>
        <p>This is a defect of Orrery, not of your manifest. It says: “{failure}”</p>
        <div>
          {recording.commands.length > 0 && <Button onClick={() => open({ ...recording, commands: recording.commands.slice(0, -1) })}>Go on without the last action</Button>}
          <Button look="loud" onClick={() => open(newRecording())}>New session</Button>
        </div>
      </div>
    );
  }
  if (phase === 'opening') return <output className={classes(css.waiting, empty && css.alone)}>Starting a cluster: etcd, the API server, controllers, and nodes that register themselves…</output>;
  return null;
}
