import { defineCommand, proxy } from './command.ts';

/** A client from outside ends its watch. */
export const hangUp = defineCommand<'hang-up'>({
  type: 'hang-up', mark: 'command',
  unmarked: () => true,
  title: () => 'end a watch',
  plan: ({ id }) => ({ inputs: [{ type: 'tell', to: proxy, event: 'proxy.hang-up', body: { id } }] }),
});
