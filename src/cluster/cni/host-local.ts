/** Address bookkeeping of one node. Models containernetworking/plugins plugins/ipam/host-local/backend/allocator: allocator.go. */
import { PMap } from '../../simulation/collections/index.ts';

/** What host-local keeps under /var/lib/cni/networks: who holds which address, and which was given last. */
export interface Reservations {
  /** Offset of an address inside the range → the container (sandbox) that holds it. */
  readonly byOffset: PMap<number, string>;
  readonly byContainer: PMap<string, number>;
  /** Offset given last: the search for a free one begins behind it, so that addresses are not reused at once. */
  readonly lastReserved: number;
}

export const noReservations: Reservations = { byOffset: PMap(), byContainer: PMap(), lastReserved: 0 };

/** The usable part of a Pod CIDR: the first host address is the bridge's own (the gateway). */
export interface Range {
  readonly network: number;
  /** Number of addresses including network and broadcast. */
  readonly size: number;
  readonly gateway: string;
}

const dotted = (address: number): string =>
  `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** Reads `10.244.1.0/24`. */
export function parseRange(cidr: string): Range {
  const [address = '', bits = '24'] = cidr.split('/');
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const network = number - (number % size);
  return { network, size, gateway: dotted(network + 1) };
}

/** The address at an offset of the range. */
export const addressAt = (range: Range, offset: number): string => dotted(range.network + offset);

export type Allocation =
  | { readonly ok: true; readonly ip: string; readonly reservations: Reservations }
  | { readonly ok: false; readonly message: string };

/** Reserve the lowest free address behind the last one given, wrapping round. A container that has one is refused a second. */
export function allocate(range: Range, held: Reservations, containerId: string): Allocation {
  if (held.byContainer.has(containerId)) {
    return { ok: false, message: `failed to allocate for range 0: ${addressAt(range, held.byContainer.get(containerId)!)} has been allocated to ${containerId}, duplicate allocation is not allowed` };
  }
  const first = 2; // 0 is the network, 1 the gateway
  const last = range.size - 2;
  const count = last - first + 1;
  for (let tried = 0; tried < count; tried++) {
    const offset = first + ((Math.max(held.lastReserved, first - 1) + 1 - first + tried) % count);
    if (held.byOffset.has(offset)) continue;
    return {
      ok: true,
      ip: addressAt(range, offset),
      reservations: { byOffset: held.byOffset.set(offset, containerId), byContainer: held.byContainer.set(containerId, offset), lastReserved: offset },
    };
  }
  return { ok: false, message: `failed to allocate for range 0: no IP addresses available in range set: ${addressAt(range, 1)}-${addressAt(range, last)}` };
}

/** Give an address back; releasing what is not held is no error (DEL may be repeated). */
export function release(held: Reservations, containerId: string): Reservations {
  const offset = held.byContainer.get(containerId);
  if (offset === undefined) return held;
  return { ...held, byOffset: held.byOffset.delete(offset), byContainer: held.byContainer.delete(containerId) };
}
