import type { WorldInput } from '../../simulation/recording/records.ts';
import { drawSeconds, forSeconds, linkOf, type Fault } from './fault.ts';

/** Packets between a machine and the control plane are lost and sent again, in both directions. */
export const lossyLink: Fault = {
  name: 'lossy-link',
  draw(draw, topology) {
    const [host, controlPlane] = linkOf(draw, topology);
    const percent = 1 + draw(40);
    const seconds = drawSeconds(draw, 5, 180);
    const change = (lossPpm: number): readonly WorldInput[] => [{ type: 'change-link', from: host, to: controlPlane, lossPpm }, { type: 'change-link', from: controlPlane, to: host, lossPpm }];
    return { text: `${percent} % of packets between ${host} and ${controlPlane} are lost for ${seconds} s`, inputs: forSeconds(seconds, change(percent * 10_000), change(0)) };
  },
};
