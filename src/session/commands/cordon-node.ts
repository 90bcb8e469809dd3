import { defineCommand, tellKubectl } from './command.ts';

/** `kubectl cordon`: no new Pods there. */
export const cordonNode = defineCommand<'cordon-node'>({
  type: 'cordon-node', mark: 'command',
  title: ({ node }) => `cordon ${node}`,
  plan: ({ node }, tools) => tellKubectl('cordon', { id: tools.commandId, nodes: [node] }),
});
