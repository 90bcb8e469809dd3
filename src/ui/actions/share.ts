import type { SessionStore } from '../../store/session-store.ts';
import { clockText } from '../../store/words.ts';
import type { PageAction } from './page-action.ts';

const isReady: PageAction['enabled'] = ({ phase }) => phase === 'ready';

async function copyLink({ act, ...store }: SessionStore): Promise<void> {
  const { momentAddress } = await import('../share/share-moment.ts');
  const { href, atUs } = await momentAddress({ act, ...store });
  try {
    await navigator.clipboard.writeText(href);
    act.notify(`A link to ${clockText(atUs)} is in the clipboard.`);
  } catch {
    act.look({ link: href });
  }
}

async function take(session: SessionStore, format: 'svg' | 'png'): Promise<void> {
  try {
    const { takePicture } = await import('../picture/take-picture.ts');
    await takePicture(session, format);
  } catch {
    session.act.notify('The picture could not be made.', 'bad');
  }
}

async function record(session: SessionStore): Promise<void> {
  try {
    const { film } = await import('../picture/film.ts');
    await film(session);
  } catch {
    session.act.look({ filming: null });
    session.act.notify('The video could not be recorded.', 'bad');
  }
}

/** What can be taken along or passed on. */
export const share: readonly PageAction[] = [
  { id: 'copy-link', title: 'Copy a link to this moment', menu: 'share', enabled: isReady, run: (session) => void copyLink(session) },
  { id: 'picture-svg', title: 'Download the stage as SVG', menu: 'share', enabled: isReady, run: (session) => void take(session, 'svg') },
  { id: 'picture-png', title: 'Download the stage as PNG', menu: 'share', enabled: isReady, run: (session) => void take(session, 'png') },
  { id: 'film', title: 'Record a video of the next 10 seconds', menu: 'share', enabled: ({ phase, view }) => phase === 'ready' && view.filming === null, run: (session) => void record(session) },
];
