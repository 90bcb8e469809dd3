import type { NodeColumn, SchedulingAttempt } from '../../../session/port/scheduling.ts';

/** What a filter made of a node: those after the one that refused were not asked, and some had nothing to check. */
export type FilterVerdict = 'passes' | 'refuses' | 'not asked' | 'nothing to check';

export function filterVerdict({ filters }: SchedulingAttempt, column: NodeColumn, plugin: string): FilterVerdict {
  const at = filters.findIndex((filter) => filter.plugin === plugin);
  if (!filters[at]!.asked) return 'nothing to check';
  if (column.refusedBy === plugin) return 'refuses';
  const refusedAt = filters.findIndex((filter) => filter.plugin === column.refusedBy);
  return refusedAt >= 0 && refusedAt < at ? 'not asked' : 'passes';
}

/** Why the chosen node was chosen, in a sentence. */
export function choiceInWords({ chosen, nodes, scores, moreNodes }: SchedulingAttempt): string {
  if (chosen === '') return 'No node was chosen.';
  const fitting = nodes.filter(({ refusedBy }) => refusedBy === '');
  if (scores.length === 0) return `${chosen} is the only node that fits, so nothing had to be scored.`;
  const best = fitting.find(({ node }) => node === chosen)!.total;
  const equals = fitting.filter(({ total }) => total === best);
  if (equals.length > 1) return `${equals.map(({ node }) => node).join(', ')}${moreNodes > 0 ? ' and perhaps more' : ''} have the highest total, ${best}; chance took ${chosen}.`;
  const second = Math.max(...fitting.filter(({ node }) => node !== chosen).map(({ total }) => total));
  return `${chosen} has the highest total, ${best}; the next has ${second}.`;
}

/** What is said to somebody who guessed: right, or wrong and why. */
export function judge(attempt: SchedulingAttempt, guess: string): { readonly right: boolean; readonly text: string } {
  const { chosen, nodes } = attempt;
  const guessed = nodes.find(({ node }) => node === guess);
  const right = guess === chosen;
  if (right) return { right, text: guess === '' ? 'Right: no node fits.' : `Right: ${choiceInWords(attempt)}` };
  if (guess === '') return { right, text: `Not so: it chose ${chosen}. ${choiceInWords(attempt)}` };
  if (guessed !== undefined && guessed.refusedBy !== '') return { right, text: `Not ${guess}: ${guessed.refusedBy} refuses it, “${guessed.reasons.join(', ')}”. ${choiceInWords(attempt)}` };
  const chosenTotal = nodes.find(({ node }) => node === chosen)?.total;
  if (guessed !== undefined && guessed.total === chosenTotal && attempt.scores.length > 0) return { right, text: `Nearly: ${guess} had as many points as ${chosen}, and chance took the other. ${choiceInWords(attempt)}` };
  return { right, text: `Not ${guess}. ${choiceInWords(attempt)}` };
}
