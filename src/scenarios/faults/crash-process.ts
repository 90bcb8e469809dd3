import { drawSeconds, forSeconds, oneOf, programsOf, type Fault } from './fault.ts';

/** A program crashes and its supervisor starts it again: memory is lost, the disk is not. */
export const crashProcess: Fault = {
  name: 'crash-process',
  draw(draw, topology) {
    const address = oneOf(draw, programsOf(topology));
    const seconds = drawSeconds(draw, 1, 20);
    return { text: `${address} crashes and is back after ${seconds} s`, inputs: forSeconds(seconds, [{ type: 'stop-process', address, crash: true }], [{ type: 'start-process', address }]) };
  },
};
