import { setup } from 'xstate';
import { act, chartTypes, when } from '../process/chart.ts';
import { closeStream, note, openStream, request, respond, setTimer, write } from '../process/effects.ts';

/** What the toy client knows: it asks every second and keeps a stream open. */
export interface Client { readonly server: string; readonly asked: number; readonly answers: readonly string[]; readonly heard: readonly string[]; readonly dials: number }
/** What the toy server knows: it counts, on its disk. */
export interface Server { readonly count: number; readonly listeners: readonly string[] }

/** The client's chart. */
export const clientMachine = setup({
  types: chartTypes<Client>(),
  guards: { 'has enough': when<Client>((client) => client.answers.length >= 100) },
  delays: { patience: 5_000_000 },
  actions: {
    'begin': act<Client>((client, event) => [client, [setTimer('ask', 1_000_000 + event.env.random('ask', 1_000)), openStream('news', client.server, { type: 'toy.subscribe', body: {} })]]),
    'ask': act<Client>((client) => [{ ...client, asked: client.asked + 1 }, [request(`ask-${client.asked}`, client.server, { type: 'toy.ask', body: { n: client.asked } }, { timeoutUs: 3_000_000 }), setTimer('ask', 1_000_000)]]),
    'keep the answer': act<Client>((client, event) => [{ ...client, answers: [...client.answers, `${event.id}=${(event.body as { count?: number }).count}`] }, []]),
    'keep the failure': act<Client>((client, event) => [{ ...client, answers: [...client.answers, `${event.id}: ${(event.body as { reason: string }).reason}`] }, [note({ name: 'failed', text: (event.body as { reason: string }).reason })]]),
    'hear': act<Client>((client, event) => [{ ...client, heard: [...client.heard, String((event.body as { count: number }).count)] }, []]),
    'dial again': act<Client>((client, event) => [{ ...client, dials: client.dials + 1, heard: [...client.heard, (event.body as { reason: string }).reason] }, [setTimer('dial', 1_000_000)]]),
    'dial': act<Client>((client) => [client, [openStream('news', client.server, { type: 'toy.subscribe', body: {} })]]),
  },
}).createMachine({
  id: 'toy-client',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'off',
  states: {
    off: { on: { 'process.started': { target: 'asking', actions: 'begin' } } },
    asking: {
      always: { guard: 'has enough', target: 'content' },
      on: { 'timer.ask': { actions: 'ask' }, 'toy.answer': { actions: 'keep the answer' }, 'request.failed': { target: 'sulking', actions: 'keep the failure' } },
    },
    sulking: { after: { patience: 'asking' }, on: { 'timer.ask': { actions: 'ask' }, 'toy.answer': { actions: 'keep the answer' }, 'request.failed': { actions: 'keep the failure' } } },
    content: {},
  },
  on: { 'toy.news': { actions: 'hear' }, 'stream.*': { actions: 'dial again' }, 'timer.dial': { actions: 'dial' } },
});

/** The server's chart. */
export const serverMachine = setup({
  types: chartTypes<Server>(),
  actions: {
    'answer': act<Server>((server, event) => {
      const count = server.count + 1;
      return [{ ...server, count }, [respond(event.id, { type: 'toy.answer', body: { count } }, 1_500), ...server.listeners.map((id) => write(id, { type: 'toy.news', body: { count } }))]];
    }),
    'add the listener': act<Server>((server, event) => [{ ...server, listeners: [...server.listeners, event.id] }, []]),
    'drop the listener': act<Server>((server, event) => [{ ...server, listeners: server.listeners.filter((id) => id !== event.id) }, []]),
    'hang up': act<Server>((server) => [{ ...server, listeners: [] }, server.listeners.map((id) => closeStream(id))]),
  },
}).createMachine({
  id: 'toy-server',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'serving',
  states: { serving: { on: { 'toy.ask': { actions: 'answer' }, 'toy.subscribe': { actions: 'add the listener' }, 'stream.closed': { actions: 'drop the listener' }, 'toy.hang-up': { actions: 'hang up' } } } },
});
