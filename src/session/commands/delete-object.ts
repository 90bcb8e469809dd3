import { defineCommand, tellKubectl } from './command.ts';

/** `kubectl delete`: one object; with `force`, `--force --grace-period=0`. */
export const deleteObject = defineCommand<'delete-object'>({
  type: 'delete-object', mark: 'command',
  title: ({ kind, name, force }) => `${force ? 'force delete' : 'delete'} ${kind.toLowerCase()} ${name}`,
  plan: ({ apiVersion, kind, namespace, name, force }, tools) =>
    tellKubectl('delete', { id: tools.commandId, targets: [{ apiVersion, kind, name, ...(namespace !== '' && { namespace }) }], ...(force && { force: true, gracePeriodSeconds: 0 }) }),
});
