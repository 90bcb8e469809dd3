import { spoken } from '../projections/story.ts';
import { defineCommand, onProcess } from './command.ts';

/** The program starts again. */
export const startComponent = defineCommand<'start-component'>({
  type: 'start-component', mark: 'healed',
  title: ({ address }) => `start ${spoken(address)}`,
  plan: ({ address }, tools) => onProcess(address, tools, 'start-process'),
});
