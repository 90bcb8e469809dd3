import type { LossesAnswer, LossesQuery } from '../port/losses.ts';
import type { Trace } from './last-writes.ts';
import { isOk } from './message-rows.ts';

/** Counts what was lost and what was refused in (fromUs, toUs]. The trace is in the order of its moments, so the stretch is its end. */
export function lossesOf(trace: Trace, { fromUs, toUs }: LossesQuery): LossesAnswer {
  let [lost, refused] = [0, 0];
  const find = (id: number) => trace.record(id);
  for (let id = trace.recorded - 1; id >= 0; id -= 1) {
    const record = find(id)!;
    if (record.atUs <= fromUs) break;
    if (record.what !== 'message' || record.background || record.arrivesAtUs > toUs) continue;
    if (record.lost) lost += 1;
    else if (!isOk(record, find)) refused += 1;
  }
  return { type: 'losses', lost, refused };
}
