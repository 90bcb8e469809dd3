import { defineCommand, onHost } from './command.ts';

/** The plug is pulled: everything on the host ends, its disk stays. */
export const powerOffNode = defineCommand<'power-off-node'>({
  type: 'power-off-node', mark: 'fault',
  title: ({ node }) => `kill ${node}`,
  plan: ({ node }, tools) => onHost(node, tools, 'power-off'),
});
