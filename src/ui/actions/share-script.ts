import { download } from './download.ts';
import { kubectlScript } from './kubectl-script.ts';
import type { PageAction } from './page-action.ts';

export const shareScript: readonly PageAction[] = [
  {
    id: 'kubectl-script', title: 'Download what you did as a kubectl script', menu: 'share', enabled: (state) => state.recording.commands.length > 0,
    run: (session) => download('orrery.sh', kubectlScript(session.getState().recording), 'text/x-shellscript'),
  },
];
