import { crashProcess } from './crash-process.ts';
import type { Fault } from './fault.ts';
import { imagePullFailure } from './image-pull-failure.ts';
import { lossyLink } from './lossy-link.ts';
import { partitionAndHeal } from './partition-and-heal.ts';
import { powerOffAndOn } from './power-off-and-on.ts';
import { slowLink } from './slow-link.ts';
import { stopAndStartComponent } from './stop-and-start-component.ts';

/** Everything that can go wrong in a swept world. */
export const faults: readonly Fault[] = [crashProcess, stopAndStartComponent, powerOffAndOn, partitionAndHeal, lossyLink, slowLink, imagePullFailure];
