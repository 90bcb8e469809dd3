import { defineCommand, tellKubectl } from './command.ts';

/** `kubectl uncordon`. */
export const uncordonNode = defineCommand<'uncordon-node'>({
  type: 'uncordon-node', mark: 'command',
  title: ({ node }) => `uncordon ${node}`,
  plan: ({ node }, tools) => tellKubectl('uncordon', { id: tools.commandId, nodes: [node] }),
});
