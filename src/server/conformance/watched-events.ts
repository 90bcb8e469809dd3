/** A watch as a client holds it: what it has been told, in order, and not yet taken. */
import type { Thing } from './things.ts';

export interface Told { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'; readonly object: Thing }

/** Who lets time pass. */
export interface Clock {
  pass(ms: number): Promise<void>;
  until<T>(look: () => Promise<T | undefined | false>, withinMs?: number): Promise<T>;
}

export class WatchedEvents {
  private readonly told: Told[] = [];
  private readonly hung = new AbortController();
  private readonly clock: Clock;
  private readonly url: string;
  ended = false;

  constructor(clock: Clock, url: string) { [this.clock, this.url] = [clock, url]; }

  async begin(): Promise<void> {
    const response = await fetch(this.url, { signal: this.hung.signal });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    void this.read(response.body!);
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop()!;
        for (const line of lines) this.told.push(JSON.parse(line) as Told);
      }
    } catch (error) {
      if (!this.hung.signal.aborted) throw error;
    }
    this.ended = true;
  }

  stop(): void { this.hung.abort(); }

  /** The next thing told. */
  next(withinMs?: number): Promise<Told> { return this.clock.until(async () => this.told.shift(), withinMs); }

  /** The next thing told of this sort, and what came before it is passed over. Models test/e2e's waits for one event among others. */
  async nextThat(is: (told: Told) => boolean, withinMs?: number): Promise<Told> {
    for (;;) {
      const told = await this.next(withinMs);
      if (is(told)) return told;
    }
  }

  /** Whether nothing is told for so long. */
  async isSilentFor(ms: number): Promise<boolean> {
    await this.clock.pass(ms);
    return this.told.length === 0;
  }
}
