import type { Selection } from './state.ts';

/** The key under which a selection is drawn. */
export const thingOf = (selection: Selection | null): string =>
  selection === null || selection.type === 'record' ? '' : selection.type === 'stored' ? 'stored' : selection.type === 'component' ? `component/${selection.address}` : selection.key;
