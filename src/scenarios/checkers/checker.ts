import type { World } from '../../simulation/world.ts';

/**
 * Something that must always hold. Checkers are asked after every step, so they look only at the process that was stepped and
 * only where its state is another than before; what can only be asked of a world at rest goes into `atEnd`.
 */
export interface Checker {
  readonly name: string;
  /** A checker of one world, with its own memory. Each method returns one sentence when the promise is broken. */
  begin(world: World): CheckerRun;
}

export interface CheckerRun {
  /** `address` has just been stepped (or has ended). */
  afterStep?(address: string, program: string, state: unknown): string | undefined;
  /** All faults are mended and nothing more happens. */
  atEnd?(): string | undefined;
}
