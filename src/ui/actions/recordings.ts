import type { SessionStore } from '../../store/session-store.ts';
import { download } from './download.ts';
import type { PageAction } from './page-action.ts';

/** Reading and writing files is fetched when there is one. */
const files = () => import('../files/take-file.ts');

async function save({ act, getState }: SessionStore): Promise<void> {
  const { fileName, playheadUs, view: { camera } } = getState();
  const [recording, { savedFileEnding, writeSaved }] = await Promise.all([act.save(), import('../../session/port/saved-file.ts')]);
  const name = fileName.replace(/\.[^.]*$/, '').replace(/[^\w.-]+/g, '-') || 'cluster';
  download(`${name}${savedFileEnding}`, writeSaved({ recording, name, playheadUs: Math.floor(playheadUs), ...(camera !== null && { camera }) }), 'application/json');
}

function choose(session: SessionStore): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,.yaml,.yml';
  input.addEventListener('change', () => { void files().then(({ takeFiles }) => takeFiles(session, [...(input.files ?? [])])); });
  input.click();
}

/** A session as a file: everything that was done, and the moment that is shown. */
export const recordings: readonly PageAction[] = [
  { id: 'save-recording', title: 'Save this session as a file', menu: 'session', keys: ['Ctrl+s'], enabled: ({ phase }) => phase === 'ready', run: (session) => { void save(session); } },
  { id: 'open-recording', title: 'Open a recording or a manifest…', menu: 'session', keys: ['Ctrl+o'], enabled: ({ phase }) => phase === 'ready', run: choose },
];
