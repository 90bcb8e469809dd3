import { isWhole, nextLoop } from '../../store/loop.ts';
import type { PageAction } from './page-action.ts';

/** Ways through time by what happens in it. */
export const moments: readonly PageAction[] = [
  { id: 'until-something-happens', title: 'On until something happens', menu: 'time', keys: ['n'], run: ({ act }) => act.jumpOn('news') },
  { id: 'until-something-fails', title: 'On until something fails', menu: 'time', keys: ['N'], run: ({ act }) => act.jumpOn('failure') },
  { id: 'next-mark', title: 'On to the next mark', menu: 'time', keys: ['PageDown'], run: ({ act }) => act.jumpOn('mark') },
  { id: 'previous-mark', title: 'Back to the mark before', menu: 'time', keys: ['PageUp'], run: ({ act }) => act.jumpBack() },
  { id: 'what-it-led-to', title: 'On to what the message led to', menu: 'time', keys: [']'], run: ({ act }) => act.stepByCause(1) },
  { id: 'what-led-to-it', title: 'Back to what led to the message', menu: 'time', keys: ['['], run: ({ act }) => act.stepByCause(-1) },
  {
    id: 'loop', title: 'Loop: set its beginning, its end, none', menu: 'time', keys: ['o'], checked: ({ loop }) => isWhole(loop),
    run({ act, getState }) {
      const { loop, playheadUs } = getState();
      const next = nextLoop(loop, playheadUs);
      act.setLoop(next);
      if (next !== null && !isWhole(next)) act.notify('The loop begins here. Go to where it is to end, and press O again.');
    },
  },
  { id: 'fork', title: 'Fork here: another future from this moment', menu: 'time', keys: ['f'], enabled: ({ phase }) => phase === 'ready', run: ({ act }) => act.fork() },
];
