import { newRecording } from '../../store/session-store.ts';
import type { PageAction } from './page-action.ts';

export const sessions: readonly PageAction[] = [
  {
    id: 'start-over', title: 'Start over with the same actions', menu: 'session',
    enabled: (state) => state.recording.commands.length > 0, run: (session) => session.act.open(session.getState().recording),
  },
  { id: 'new-session', title: 'New session: a fresh cluster', menu: 'session', run: (session) => session.act.open(newRecording()) },
];
