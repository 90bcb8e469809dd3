/** What a load balancer knows: its servers, as their health checks found them, and who is connected to which of them. */
import { PMap } from '../../simulation/collections/index.ts';
import type { Address, Message, SimTime } from '../../simulation/process/process.ts';

export interface BalancerInput { readonly servers: readonly Address[] }

/** One server of the backend. Models include/haproxy/check-t.h: struct check, of which `health` counts from 0 to rise + fall - 1 and up begins at rise. */
export interface Server {
  readonly address: Address;
  readonly up: boolean;
  readonly health: number;
  /** How the newest check ended, in HAProxy's words; '' before the first. */
  readonly found: string;
  readonly askedAtUs: SimTime;
}

/** One client's connection: whatever it asks goes to this server for as long as the connection lives. */
export interface Connection {
  readonly server: number;
  readonly sinceUs: SimTime;
  /** How many of its requests and streams are open; with none, it is idle. */
  readonly open: number;
}

/** Something a client asked that is open at a server under an id of ours. */
export interface Relay {
  readonly client: Address;
  /** The client's own request or stream. */
  readonly theirs: string;
  readonly stream: boolean;
  readonly message: Message;
  /** The server that it was sent to last. */
  readonly server: number;
  /** How many servers it was sent to. */
  readonly tries: number;
  /** A server has said something to it. */
  readonly heard: boolean;
}

export interface BalancerState {
  readonly servers: readonly Server[];
  /** By the client's address. */
  readonly connections: PMap<Address, Connection>;
  /** By our id. */
  readonly relays: PMap<string, Relay>;
  /** Our id by the client's, for streams. */
  readonly streams: PMap<string, string>;
  /** The server that the last connection went to. */
  readonly last: number;
  readonly nextId: number;
}

/** HAProxy's defaults: three checks that fail take a server out, two that pass bring it back. */
export const fall = 3;
export const rise = 2;

export const nameOf = ({ address }: Pick<Server, 'address'>): string => address.slice(0, address.indexOf('/'));

/** Servers begin up, but fall at the first check that fails. Models src/server.c: init of srv->check.health. */
export const initialState = ({ servers }: BalancerInput): BalancerState => ({
  servers: servers.map((address) => ({ address, up: true, health: rise, found: '', askedAtUs: 0 })),
  connections: PMap(), relays: PMap(), streams: PMap(), last: servers.length - 1, nextId: 1,
});

export const someServerIsUp = ({ servers }: BalancerState): boolean => servers.some(({ up }) => up);
