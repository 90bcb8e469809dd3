import { defineCommand, proxy } from './command.ts';

/** A client from outside says something to the container it is connected with. */
export const say = defineCommand<'say'>({
  type: 'say', mark: 'command',
  unmarked: () => true,
  title: ({ frame }) => frame,
  plan: ({ id, frame, body }) => (frame.startsWith('connect.')
    ? { inputs: [{ type: 'tell', to: proxy, event: 'proxy.say', body: { id, type: frame, body } }] }
    : { problems: [{ text: `"${frame}" is nothing that can be said to a container.` }] }),
});
