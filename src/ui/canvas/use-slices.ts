import type { Edge, Node } from '@xyflow/react';
import { useEffect, useState } from 'react';
import type { FlowThings } from './flow-things.ts';

/** So many things, or four times as many pipes, are put on the stage within one frame: the first picture of many machines keeps no frame waiting. */
const perFrame = 4;
const pipesPerThing = 4;

/** The things and pipes that are on the stage yet, and whether that is all: all of them a few frames after it appeared; what comes later comes at once. */
export function useSlices({ nodes, edges }: FlowThings): readonly [readonly Node[], readonly Edge[], boolean] {
  const [there, setThere] = useState(0);
  const whole = there >= nodes.length + edges.length / pipesPerThing;
  useEffect(() => {
    if (there === Infinity) return undefined;
    // Once whole, always whole: a crowd of Pods is no first picture.
    const frame = requestAnimationFrame(() => setThere(whole ? Infinity : there + perFrame));
    return () => cancelAnimationFrame(frame);
  }, [there, whole]);
  return whole ? [nodes, edges, true] : [nodes.slice(0, there), edges.slice(0, Math.max(0, there - nodes.length) * pipesPerThing), false];
}
