import { defineCommand, onHost } from './command.ts';

/** The host keeps running, but no message reaches it or leaves it. */
export const partitionNode = defineCommand<'partition-node'>({
  type: 'partition-node', mark: 'fault',
  title: ({ node }) => `cut off ${node}`,
  plan: ({ node }, tools) => onHost(node, tools, 'partition'),
});
