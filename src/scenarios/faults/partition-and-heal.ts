import { drawSeconds, forSeconds, machines, oneOf, type Fault } from './fault.ts';

/** A machine is cut off from all others and goes on by itself. */
export const partitionAndHeal: Fault = {
  name: 'partition-and-heal',
  draw(draw, topology) {
    const host = oneOf(draw, machines(topology));
    const seconds = drawSeconds(draw, 2, 420);
    return { text: `${host} is cut off for ${seconds} s`, inputs: forSeconds(seconds, [{ type: 'partition', host }], [{ type: 'heal', host }]) };
  },
};
