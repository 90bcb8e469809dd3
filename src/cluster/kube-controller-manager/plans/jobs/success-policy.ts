/** Whether enough indexes have succeeded. Models pkg/controller/job/success_policy.go. */
import type { SuccessPolicy } from '../../../../kubernetes/api/batch-v1.ts';
import { countOf, overlap, parseIntervals, type Intervals } from './index-intervals.ts';

/** The condition's message where a rule is met. */
export function metPolicy(policy: SuccessPolicy | undefined, completions: number, succeeded: Intervals): string | undefined {
  if (policy === undefined || succeeded.length === 0) return undefined;
  const index = (policy.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && countOf(succeeded) >= succeededCount;
    const asked = parseIntervals(succeededIndexes, completions);
    const both = overlap(asked, succeeded);
    return asked.length > 0 && (both === countOf(asked) || (succeededCount !== undefined && both >= succeededCount));
  });
  return index < 0 ? undefined : `Matched rules at index ${index}`;
}
