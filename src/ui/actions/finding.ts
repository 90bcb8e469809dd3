import type { PageAction } from './page-action.ts';

export const finding: readonly PageAction[] = [
  { id: 'palette', title: 'Search everything, and do it', keys: ['Ctrl+k'], run: ({ act }) => act.look({ palette: true }) },
  { id: 'find', title: 'Light only what matches', menu: 'view', keys: ['/'], run: ({ act }) => act.look({ finding: true }) },
  { id: 'keys', title: 'Show all keys', menu: 'view', keys: ['?'], run: ({ act }) => act.look({ help: true }) },
];
