import { drawSeconds, forSeconds, machines, oneOf, workers, type Fault } from './fault.ts';

/** A machine loses power: mostly a worker, sometimes the control plane itself. */
export const powerOffAndOn: Fault = {
  name: 'power-off-and-on',
  draw(draw, topology) {
    const host = oneOf(draw, draw(5) === 0 ? machines(topology) : workers(topology));
    const seconds = drawSeconds(draw, 3, 420);
    return { text: `${host} has no power for ${seconds} s`, inputs: forSeconds(seconds, [{ type: 'power-off', host }], [{ type: 'power-on', host }]) };
  },
};
