import { defineCommand, onHost } from './command.ts';

/** The cut is mended: what waited in retransmission arrives. */
export const healNode = defineCommand<'heal-node'>({
  type: 'heal-node', mark: 'healed',
  title: ({ node }) => `join ${node}`,
  plan: ({ node }, tools) => onHost(node, tools, 'heal'),
});
