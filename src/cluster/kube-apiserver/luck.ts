/** Chance for a request that may have to begin its way again: what it was given once stays the same. */
import type { Env } from '../../simulation/process/process.ts';

export class Luck {
  readonly drawn: number[];
  private next = 0;
  private readonly env: Env;
  constructor(env: Env, drawn: readonly number[] = []) {
    this.env = env;
    this.drawn = [...drawn];
  }

  random(stream: string, bound: number): number {
    if (this.next === this.drawn.length) this.drawn.push(this.env.random(stream, bound));
    return this.drawn[this.next++]!;
  }
}
