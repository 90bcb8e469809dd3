import { defineCommand, onHost } from './command.ts';

/** The host has power again and starts its programs. */
export const powerOnNode = defineCommand<'power-on-node'>({
  type: 'power-on-node', mark: 'healed',
  title: ({ node }) => `power on ${node}`,
  plan: ({ node }, tools) => onHost(node, tools, 'power-on'),
});
