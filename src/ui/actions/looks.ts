import type { PageAction } from './page-action.ts';

/** Other ways of looking at the same world. */
export const looks: readonly PageAction[] = [
  { id: 'legend', title: 'Legend', menu: 'view', keys: ['l'], checked: ({ view }) => view.legend, run: ({ act, getState }) => act.look({ legend: !getState().view.legend }) },
  { id: 'lens', title: 'Two truths: etcd beside the node', menu: 'view', keys: ['2'], checked: ({ view }) => view.lens, run: ({ act, getState }) => act.look({ lens: !getState().view.lens }) },
  { id: 'chatter', title: 'Show heartbeats', menu: 'view', keys: ['h'], checked: ({ view }) => view.chatter, run: ({ act, getState }) => act.look({ chatter: !getState().view.chatter }) },
  { id: 'show-all', title: 'Light everything again', keys: ['Escape'], enabled: ({ view }) => view.spotlight !== null, run: ({ act }) => act.look({ spotlight: null }) },
];
