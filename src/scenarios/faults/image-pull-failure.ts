import { applyObjects } from '../kubectl-input.ts';
import { deployment } from '../workloads/manifests.ts';
import { drawSeconds, forSeconds, type Fault } from './fault.ts';

/** Somebody rolls out an image that does not exist, and mends it later. */
export const imagePullFailure: Fault = {
  name: 'image-pull-failure',
  draw(draw) {
    const id = `typo-${draw(1_000_000)}`;
    const seconds = drawSeconds(draw, 10, 240);
    const replicas = 1 + draw(3);
    const image = (tag: string): object => deployment('typo', replicas, { image: `nginx:${tag}`, cpu: '50m' });
    return {
      text: `an image that does not exist is rolled out for ${seconds} s`,
      inputs: forSeconds(seconds, [applyObjects(`${id}-a`, [image('does-not-exist')])], [applyObjects(`${id}-b`, [image('1.27')])]),
    };
  },
};
