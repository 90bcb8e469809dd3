import '../../cluster/with-manifests.ts';
import type { CheckerRun } from '../checkers/checker.ts';
import { checkers } from '../checkers/registry.ts';
import { bootstrap } from '../cluster-view.ts';
import { programs } from '../../cluster/registry.ts';
import { World } from '../../simulation/world.ts';
import { worldSpec } from '../topologies/index.ts';
import type { SeedPlan } from './plan-seed.ts';

/** A promise that did not hold, and where. */
export interface Broken { readonly checker: string; readonly sentence: string; readonly atUs: number }
export interface SeedResult { readonly world: World; readonly broken: Broken | undefined; readonly beganUs: number }

const secondUs = 1_000_000;
/** Crash loops wait up to 5 minutes, clients up to 30 s, nodes and endpoints take their time: after so long everything must be as asked for. */
const patienceUs = 1_200 * secondUs;
const restUs = 30 * secondUs;

/** Runs the world of a seed with every checker looking on. Whatever the world itself throws counts as broken. */
export function runSeed(plan: SeedPlan): SeedResult {
  const world = new World(worldSpec(plan.topology, plan.seed), programs);
  const watch = new Watch(world);
  try {
    bootstrap(world);
    const beganUs = world.nowUs;
    world.plan(plan.inputs.map(({ atUs, input }) => ({ atUs: beganUs + atUs, input })));
    watch.run(beganUs + plan.endsUs + secondUs);
    settle(watch);
    if (watch.broken === undefined) watch.replay();
    return { world, broken: watch.broken, beganUs };
  } catch (error) {
    return { world, broken: { checker: 'no-step-throws', sentence: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error), atUs: world.nowUs }, beganUs: 0 };
  }
}

/** Lets time pass until the world is as asked for, and stays so for a while; broken where that never comes. */
function settle(watch: Watch): void {
  const { world } = watch;
  const giveUpUs = world.nowUs + patienceUs;
  for (let calm = 0; calm < 2 && watch.broken === undefined;) {
    watch.run(world.nowUs + restUs);
    const problem = watch.atRest();
    calm = problem === undefined ? calm + 1 : 0;
    if (problem !== undefined && world.nowUs >= giveUpUs) watch.broken ??= problem;
  }
}

/** The checkers of one world, asked after every step. */
class Watch {
  broken: Broken | undefined;
  readonly world: World;
  private readonly runs: readonly { readonly name: string; readonly run: CheckerRun }[];

  constructor(world: World) {
    this.world = world;
    this.runs = checkers.map((checker) => ({ name: checker.name, run: checker.begin(world) }));
    const stepped = this.runs.filter(({ run }) => run.afterStep !== undefined);
    const programOf = new Map(world.spec.processes.map(({ address, program }) => [address, program]));
    world.observe((address) => {
      const state = world.process(address)!.snapshot?.state;
      for (const { name, run } of stepped) {
        const sentence = run.afterStep!(address, programOf.get(address)!, state);
        if (sentence !== undefined) this.broken ??= { checker: name, sentence, atUs: world.nowUs };
      }
    });
  }

  run(untilUs: number): void {
    this.world.runUntil(untilUs, () => this.broken !== undefined);
  }

  /** What is not as it should be at rest. A heartbeat may be on its way at any one moment, so a few moments are asked. */
  atRest(): Broken | undefined {
    let problem: Broken | undefined;
    for (let moment = 0; moment < 5; moment += 1) {
      problem = undefined;
      for (const { name, run } of this.runs) {
        const sentence = run.atEnd?.();
        if (sentence !== undefined) { problem = { checker: name, sentence, atUs: this.world.nowUs }; break; }
      }
      if (problem === undefined || this.broken !== undefined) break;
      this.run(this.world.nowUs + 37_000);
    }
    return problem;
  }

  /** The same spec and inputs, played again, must give the same trace and state: of every tenth seed this is asked. */
  replay(): void {
    if (this.world.spec.seed % 10 !== 0) return;
    const again = new World(this.world.spec, programs);
    again.plan(this.world.inputLog);
    again.runUntil(this.world.nowUs);
    if (again.stateHash() !== this.world.stateHash()) this.broken ??= { checker: 'replay-gives-the-same-hash', sentence: `${this.world.stateHash()} the first time, ${again.stateHash()} the second`, atUs: this.world.nowUs };
  }
}
