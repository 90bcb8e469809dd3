import type { MessageRow } from '../../session/port/rows.ts';
import { messageKinds } from './message-kinds.ts';

/** Many messages of one kind in one stretch of one pipe, going one way: drawn as one thick flow. */
export interface Flow {
  readonly messages: readonly MessageRow[];
  /** The stretch of the way, as shares of it in the direction of travel. */
  readonly fromShare: number;
  readonly toShare: number;
  /** What it carries, counted: `12 × ADDED`. */
  readonly label: string;
}

export interface Bursts { readonly singles: readonly MessageRow[]; readonly flows: readonly Flow[] }

/** How much of its way a message has gone. */
export const shareOf = (message: MessageRow, atUs: number): number => Math.min(1, Math.max(0, (atUs - message.sentAtUs) / Math.max(1, message.arrivesAtUs - message.sentAtUs)));

/** How long the eye sees a message travel; for ever while time stands still. */
export const shownMs = (message: MessageRow, rate: number): number => (rate === 0 ? Infinity : (message.arrivesAtUs - message.sentAtUs) / rate / 1000);

/** Of messages that one can follow with the eye more may be drawn singly. */
const leastOfAFlow = (ms: number): number => (ms >= 400 ? 6 : ms >= 120 ? 4 : 3);
/** A larger gap than this share of the way parts two flows. */
const widestGap = 0.3;

/** Puts together what travels together. What is lost on its way stays alone: it is news by itself. */
export function burstsOf(messages: readonly MessageRow[], atUs: number, rate: number): Bursts {
  const singles: MessageRow[] = [];
  const groups = new Map<string, MessageRow[]>();
  for (const message of messages) {
    if (message.lost) {
      singles.push(message);
      continue;
    }
    const key = `${message.from} ${message.to} ${message.kind} ${message.ok}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [message]);
    else group.push(message);
  }
  const flows: Flow[] = [];
  for (const group of groups.values()) {
    for (const stretch of stretchesOf(group, atUs)) {
      if (stretch.length < leastOfAFlow(shownMs(stretch[0]!, rate))) singles.push(...stretch);
      else flows.push({ messages: stretch, fromShare: shareOf(stretch[0]!, atUs), toShare: shareOf(stretch.at(-1)!, atUs), label: `${stretch.length} × ${wordOf(stretch)}` });
    }
  }
  return { singles: singles.sort((a, b) => a.id - b.id), flows };
}

function stretchesOf(group: readonly MessageRow[], atUs: number): MessageRow[][] {
  const stretches: MessageRow[][] = [];
  let last = -Infinity;
  for (const message of [...group].sort((a, b) => shareOf(a, atUs) - shareOf(b, atUs))) {
    const share = shareOf(message, atUs);
    if (share - last > widestGap) stretches.push([]);
    stretches.at(-1)!.push(message);
    last = share;
  }
  return stretches;
}

/** The word that all labels begin with, or what the kind is called. */
function wordOf(messages: readonly MessageRow[]): string {
  const word = messages[0]!.label.split(' ')[0]!;
  return messages.every((message) => message.label.split(' ')[0] === word) ? word : messageKinds[messages[0]!.kind].many;
}

const shortestReadMs = 80;

/** How many labels can be read while time passes like this: all while it stands, none while it flies. */
export function labelBudget(messages: readonly MessageRow[], rate: number): number {
  const longest = messages.reduce((most, message) => Math.max(most, shownMs(message, rate)), 0);
  return longest < shortestReadMs ? 0 : Math.min(10, Math.floor(longest / 40));
}
