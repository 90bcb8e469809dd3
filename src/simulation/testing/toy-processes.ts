import { chartProcess } from '../process/chart-process.ts';
import type { Programs } from '../world.ts';
import { clientMachine, serverMachine, type Client, type Server } from './toy-machine.ts';

/** Two toys: a client that asks every second and keeps a stream open, and a server that counts on its disk. They know no Kubernetes. */
export const toyPrograms: Programs = {
  definitions: {
    client: chartProcess<Client>({ name: 'client', machine: clientMachine, initial: (input) => ({ server: (input as { server: string }).server, asked: 0, answers: [], heard: [], dials: 0 }) }),
    server: chartProcess<Server>({ name: 'server', machine: serverMachine, initial: (_, disk) => ({ count: (disk as { count: number } | undefined)?.count ?? 0, listeners: [] }), survives: (server) => ({ count: server.count }) }),
  },
  permits: (from, to, protocol) => from === 'client' && to === 'server' && protocol === 'toy',
};

export const toySpec = (seed: number, clients = 2) => ({
  seed,
  processes: [
    { address: 'b/server', program: 'server', input: {} },
    ...Array.from({ length: clients }, (_, i) => ({ address: `a${i}/client`, program: 'client', input: { server: 'b/server' } })),
  ],
});
