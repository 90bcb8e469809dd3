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

const nothing: LinkOptions = { delayUs: 0, jitterUs: 0, lossPpm: 0, partitioned: false };

const onTop = (link: LinkOptions, more: LinkOptions | undefined): LinkOptions =>
  (more === undefined ? link : { ...link, delayUs: link.delayUs + more.delayUs, jitterUs: link.jitterUs + more.jitterUs, lossPpm: link.lossPpm + more.lossPpm });

/** Linux's first retransmission time-out (200 ms), doubling with each further loss. */
const retransmitUs = 200_000;

export class Links {
  private readonly changed = new Map<string, LinkOptions>();

  constructor(saved: readonly (readonly [string, LinkOptions])[] = []) {
    for (const [key, options] of saved) this.changed.set(key, options);
  }

  between(from: string, to: string): LinkOptions {
    const plain = from === to ? sameHost : sameNetwork;
    if (this.changed.size === 0) return plain;
    const own = this.changed.get(`${from}>${to}`) ?? plain;
    return from === to ? own : onTop(onTop(own, this.changed.get(`${from}>*`)), this.changed.get(`*>${to}`));
  }

  /** `*` stands for every other host. */
  change(from: string, to: string, options: Partial<LinkOptions>): void {
    const usual = from === '*' || to === '*' ? nothing : from === to ? sameHost : sameNetwork;
    const link = { ...(this.changed.get(`${from}>${to}`) ?? usual), ...options };
    if (usual === nothing && link.delayUs + link.jitterUs + link.lossPpm === 0) this.changed.delete(`${from}>${to}`);
    else this.changed.set(`${from}>${to}`, link);
  }

  /** How much longer than usual everything takes that leaves this host. */
  slownessUs(host: string): number { return this.changed.get(`${host}>*`)?.delayUs ?? 0; }

  /** How long a message takes over this link, given chance. */
  delayUs(link: LinkOptions, random: RandomStreams): number {
    let delayUs = link.delayUs + (link.jitterUs > 0 ? random.draw('network', link.jitterUs) : 0);
    for (let waitUs = retransmitUs; link.lossPpm > 0 && waitUs < 30_000_000 && random.draw('network', 1_000_000) < link.lossPpm; waitUs *= 2) delayUs += waitUs;
    return delayUs;
  }

  save(): readonly (readonly [string, LinkOptions])[] { return [...this.changed]; }
}
