import { programs } from '../../cluster/registry.ts';
import type { WorldInput } from '../../simulation/recording/records.ts';
import { World } from '../../simulation/world.ts';
import { bootstrap } from '../cluster-view.ts';
import { worldSpec, type Topology } from '../topologies/index.ts';

/** What the commands of one transcript share: a world, and the moments its file speaks of. */
export class Lab {
  private current: World | undefined;
  private shape: Topology | undefined;
  /** The moment times are counted from: the first change by kubectl. */
  beganUs = 0;
  private began = false;
  /** Where the trace was at the file's latest change, and at its latest `apply`. */
  changedAt = 0;
  appliedAt = 0;

  get world(): World {
    if (this.current === undefined) throw new Error('begin with `cluster`');
    return this.current;
  }

  get topology(): Topology {
    if (this.shape === undefined) throw new Error('begin with `cluster`');
    return this.shape;
  }

  /** Starts a world and, unless told otherwise, runs it until all its Nodes are Ready. */
  start(topology: Topology, seed: number, boot: boolean): void {
    this.shape = topology;
    this.current = new World(worldSpec(topology, seed), programs);
    this.beganUs = 0;
    this.began = false;
    if (boot) bootstrap(this.current);
    this.changedAt = this.appliedAt = this.current.recorded;
  }

  /** Does something to the world. What a transcript prints by itself is what followed. */
  dispatch(...inputs: readonly WorldInput[]): void {
    this.changedAt = this.world.recorded;
    for (const input of inputs) this.world.dispatch(input);
  }

  /** From here on times are counted, if they are not yet. */
  beginCounting(): void {
    this.appliedAt = this.world.recorded;
    if (!this.began) this.beganUs = this.world.nowUs;
    this.began = true;
  }

  /** Lets time pass until it is so; throws when it never is within the limit. */
  runUntil(isSo: () => boolean, limitUs: number, what: string): void {
    const { world } = this;
    if (isSo()) return;
    let done = false;
    world.runUntil(world.nowUs + limitUs, () => { done = isSo(); return done; });
    if (!done) throw new Error(`${what}: still not so after ${limitUs / 1_000_000} s`);
  }
}
