import { spoken } from '../projections/story.ts';
import { defineCommand, onProcess } from './command.ts';

/** The program ends (systemctl stop, or its static Pod taken away); its disk stays. */
export const stopComponent = defineCommand<'stop-component'>({
  type: 'stop-component', mark: 'fault',
  title: ({ address }) => `stop ${spoken(address)}`,
  plan: ({ address }, tools) => onProcess(address, tools, 'stop-process'),
});
