/** Who is asked again when others changed the object after them. Models apiserver/pkg/admission/{reinvocation.go,plugin/webhook/mutating/reinvocationcontext.go}. */
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';

/** One plugin's account of whom it asked in one request. */
export class Turns {
  private previous = new Set<string>();
  private readonly again = new Set<string>();
  private last: unknown;
  private readonly round: Reinvocation;
  constructor(round: Reinvocation) { this.round = round; }

  /** The others may have changed the object since. */
  begin(object: unknown): void { if (this.round.isSecond && !deepEqual(this.last, object)) this.require(); }
  end(object: unknown): void { this.last = object; }
  /** In the second round nobody is asked for the first time. */
  passesOver(one: string): boolean { return this.round.isSecond && !this.again.has(one); }
  changed(): void {
    this.require();
    this.round.isWanted = true;
  }
  asked(one: string): void { this.previous.add(one); }

  private require(): void {
    for (const one of this.previous) this.again.add(one);
    this.previous = new Set();
  }
}

/** The rounds of one request: there are two at most. */
export class Reinvocation {
  isSecond = false;
  isWanted = false;
  private readonly plugins = new Map<string, Turns>();

  of(plugin: string): Turns {
    let turns = this.plugins.get(plugin);
    if (turns === undefined) this.plugins.set(plugin, turns = new Turns(this));
    return turns;
  }
}
