import { defineCommand, tellKubectl } from './command.ts';

/** `kubectl scale --replicas`. */
export const scaleObject = defineCommand<'scale-object'>({
  type: 'scale-object', mark: 'command',
  title: ({ name, replicas }) => `scale ${name} to ${replicas}`,
  plan({ kind, namespace, name, replicas }, tools) {
    if (!Number.isInteger(replicas) || replicas < 0) return { problems: [{ text: `error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0` }] };
    return tellKubectl('scale', { id: tools.commandId, targets: [{ apiVersion: 'apps/v1', kind, namespace, name }], replicas });
  },
});
