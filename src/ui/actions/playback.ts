import { speeds } from '../../store/pace.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { PageAction } from './page-action.ts';

const faster = (by: 1 | -1) => (session: SessionStore): void => {
  const next = speeds[speeds.indexOf(session.getState().speed) + by];
  if (typeof next === 'number') session.act.setSpeed(next);
};

export const playback: readonly PageAction[] = [
  { id: 'play-or-pause', title: 'Play or pause', keys: [' '], run: ({ act }) => act.toggle() },
  { id: 'next-message', title: 'On to the next message', keys: ['ArrowRight'], run: ({ act }) => act.step('message', 1) },
  { id: 'previous-message', title: 'Back to the message before', keys: ['ArrowLeft'], run: ({ act }) => act.step('message', -1) },
  { id: 'next-change', title: 'On to the next change', keys: ['Shift+ArrowRight'], run: ({ act }) => act.step('change', 1) },
  { id: 'previous-change', title: 'Back to the change before', keys: ['Shift+ArrowLeft'], run: ({ act }) => act.step('change', -1) },
  { id: 'to-start', title: 'To the start', keys: ['Home'], run: ({ act }) => act.toStart() },
  { id: 'to-end', title: 'To the latest moment seen', keys: ['End'], run: ({ act }) => act.toEnd() },
  { id: 'faster', title: 'Faster', keys: ['+', '='], run: faster(1) },
  { id: 'slower', title: 'Slower', keys: ['-'], run: faster(-1) },
];
