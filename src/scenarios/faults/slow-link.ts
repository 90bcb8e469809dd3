import type { WorldInput } from '../../simulation/recording/records.ts';
import { drawSeconds, forSeconds, linkOf, type Fault } from './fault.ts';

const usual = { delayUs: 400, jitterUs: 200 };

/** Messages between a machine and the control plane take much longer than usual, and not all equally long. */
export const slowLink: Fault = {
  name: 'slow-link',
  draw(draw, topology) {
    const [host, controlPlane] = linkOf(draw, topology);
    const delayMs = 20 * 2 ** draw(7) + draw(20);
    const seconds = drawSeconds(draw, 5, 180);
    const change = (options: { readonly delayUs: number; readonly jitterUs: number }): readonly WorldInput[] =>
      [{ type: 'change-link', from: host, to: controlPlane, ...options }, { type: 'change-link', from: controlPlane, to: host, ...options }];
    return {
      text: `messages between ${host} and ${controlPlane} take ${delayMs} ms for ${seconds} s`,
      inputs: forSeconds(seconds, change({ delayUs: delayMs * 1_000, jitterUs: delayMs * 500 }), change(usual)),
    };
  },
};
