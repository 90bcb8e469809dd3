import { defineCommand, proxy } from './command.ts';

const changes = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** A client from outside asks the API server. */
export const sendRequest = defineCommand<'send-request'>({
  type: 'send-request', mark: 'command',
  unmarked: ({ request }) => !changes.has(request.verb),
  title: ({ request: { verb, resource, subresource, name } }) => `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${name === undefined ? '' : ` ${name}`}`,
  plan: ({ id, request }) => ({ inputs: [{ type: 'tell', to: proxy, event: 'proxy.request', body: { id, request } }] }),
});
