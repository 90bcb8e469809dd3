import { drawSeconds, forSeconds, oneOf, programsOf, type Fault } from './fault.ts';

/** An administrator stops a program in good order and starts it again, perhaps minutes later. */
export const stopAndStartComponent: Fault = {
  name: 'stop-and-start-component',
  draw(draw, topology) {
    const address = oneOf(draw, programsOf(topology));
    const seconds = drawSeconds(draw, 2, 240);
    return { text: `${address} is stopped for ${seconds} s`, inputs: forSeconds(seconds, [{ type: 'stop-process', address }], [{ type: 'start-process', address }]) };
  },
};
