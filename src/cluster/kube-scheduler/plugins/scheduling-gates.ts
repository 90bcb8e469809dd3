import type { Plugin } from '../framework.ts';

/** Keeps a Pod out of the active queue while it has gates. Models plugins/schedulinggates/scheduling_gates.go. */
export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  preEnqueue: ({ pod }) => {
    const gates = pod.spec.schedulingGates;
    return gates === undefined || gates.length === 0 ? undefined : `waiting for scheduling gates: [${gates.map((gate) => gate.name).join(' ')}]`;
  },
  mayHelp: (event) => event.resource === 'TargetPod' && event.changes.includes('UpdatePodSchedulingGatesEliminated'),
};
