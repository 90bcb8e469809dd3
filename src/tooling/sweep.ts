/** `npm run sweep -- --seeds 200 --from 1 [--minutes 5]`: worlds drawn from seeds, with every checker looking on. */
import { parseArgs } from 'node:util';
import { planSeed } from '../scenarios/sweep/plan-seed.ts';
import { runSeed, type Broken } from '../scenarios/sweep/run-seed.ts';
import { recordLine, shownAtUs, timeLabel } from '../scenarios/transcripts/trace-lines.ts';
import type { World } from '../simulation/world.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' }, minutes: { type: 'string', default: '5' }, records: { type: 'string', default: '30' }, verbose: { type: 'boolean', default: false } } });
const [seeds, from, minutes] = [Number(values.seeds), Number(values.from), Number(values.minutes)];

function printBroken(seed: number, world: World, { checker, sentence, atUs }: Broken, faults: readonly string[]): void {
  console.log(`\n✗ seed ${seed}, ${timeLabel(atUs)}: ${checker}\n  ${sentence}`);
  for (const fault of faults) console.log(`  fault: ${fault}`);
  const last = world.recordsBetween(world.recorded - 4_000).filter((record) => !record.background).slice(-Number(values.records));
  for (const record of last) console.log(`    ${timeLabel(shownAtUs(record))} ${recordLine(record).slice(0, 200)}`);
  console.log(`  again: npm run sweep -- --seeds 1 --from ${seed}${minutes === 5 ? '' : ` --minutes ${minutes}`}\n`);
}

const startedMs = performance.now();
let [steps, virtualUs, faults, broken] = [0, 0, 0, 0];
for (let seed = from; seed < from + seeds; seed += 1) {
  const plan = planSeed(seed, minutes * 60_000_000);
  const seedMs = performance.now();
  const result = runSeed(plan);
  steps += result.world.steps;
  virtualUs += result.world.nowUs;
  faults += plan.faults.length;
  if (values.verbose) console.log(`seed ${seed}: ${plan.topology.name}, ${(result.world.nowUs / 60_000_000).toFixed(1)} virtual minutes, ${result.world.steps} steps, ${((performance.now() - seedMs) / 1000).toFixed(2)} s; ${plan.faults.join('; ') || 'no fault'}`);
  if (result.broken !== undefined) {
    broken += 1;
    printBroken(seed, result.world, result.broken, plan.faults);
  }
}
const seconds = (performance.now() - startedMs) / 1000;
console.log(`sweep: ${seeds} seeds, ${Math.round(virtualUs / 60_000_000)} virtual minutes, ${steps} steps, ${Math.round(steps / seconds)} steps/s, ${faults} faults, ${broken} broken (${seconds.toFixed(1)} s)`);
process.exitCode = broken > 0 ? 1 : 0;
