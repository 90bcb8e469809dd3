import type { RandomStreams } from '../random/random-streams.ts';

/** How one direction between two hosts behaves. */
export interface LinkOptions {
  readonly delayUs: number;
  /** Up to so much more, drawn per message. */
  readonly jitterUs: number;
  /** Chance of a packet being lost, in parts per million; everything here rides on TCP, so a loss is a retransmission, not silence. */
  readonly lossPpm: number;
  readonly partitioned: boolean;
}

export const sameHost: LinkOptions = { delayUs: 40, jitterUs: 20, lossPpm: 0, partitioned: false };
export const sameNetwork: LinkOptions = { delayUs: 400, jitterUs: 200, lossPpm: 0, partitioned: false };

/** Linux's first retransmission time-out (200 ms), doubling with each further loss. */
const retransmitUs = 200_000;

export class Links {
  private readonly changed = new Map<string, LinkOptions>();

  constructor(saved: readonly (readonly [string, LinkOptions])[] = []) {
    for (const [key, options] of saved) this.changed.set(key, options);
  }

  between(from: string, to: string): LinkOptions {
    const plain = from === to ? sameHost : sameNetwork;
    return this.changed.size === 0 ? plain : this.changed.get(`${from}>${to}`) ?? plain;
  }

  change(from: string, to: string, options: Partial<LinkOptions>): void {
    this.changed.set(`${from}>${to}`, { ...this.between(from, to), ...options });
  }

  /** How long a message takes over this link, given chance. */
  delayUs(link: LinkOptions, random: RandomStreams): number {
    let delayUs = link.delayUs + (link.jitterUs > 0 ? random.draw('network', link.jitterUs) : 0);
    for (let waitUs = retransmitUs; link.lossPpm > 0 && waitUs < 30_000_000 && random.draw('network', 1_000_000) < link.lossPpm; waitUs *= 2) delayUs += waitUs;
    return delayUs;
  }

  save(): readonly (readonly [string, LinkOptions])[] { return [...this.changed]; }
}
