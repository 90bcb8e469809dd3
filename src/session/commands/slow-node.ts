import { defineCommand, noSuchHost, slowedBy } from './command.ts';

const leastMs = 1;
const mostMs = 10_000;

/** The host runs as fast as ever, but each message to it and from it takes so much longer, and up to half as much again: all its links at once. */
export const slowNode = defineCommand<'slow-node'>({
  type: 'slow-node', mark: 'fault',
  title: ({ node, delayMs }) => `slow down ${node} by ${delayMs} ms`,
  plan({ node, delayMs }, tools) {
    if (!tools.hosts.has(node)) return noSuchHost(node);
    if (!Number.isInteger(delayMs) || delayMs < leastMs || delayMs > mostMs) return { problems: [{ text: `A delay is a whole number of milliseconds from ${leastMs} to ${mostMs}, not ${String(delayMs)}.` }] };
    return { inputs: slowedBy(node, delayMs * 1_000) };
  },
});
