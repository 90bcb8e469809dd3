import type { Component } from '../component.ts';
import { kubeSchedulerMachine } from './kube-scheduler-machine.ts';
import { initialState, type SchedulerInput, type SchedulerState } from './state.ts';

export type { SchedulerState } from './state.ts';
export type { DecisionTable, NodeVerdict } from './scheduling-cycle.ts';

/** Chooses a node for each Pod that has none. Models pkg/scheduler/scheduler.go. */
export const kubeScheduler: Component<SchedulerState> = {
  name: 'kube-scheduler',
  machine: kubeSchedulerMachine,
  initial: (input) => initialState(input as SchedulerInput),
  descriptor: {
    title: 'Scheduler',
    duty: 'Chooses a node for each new Pod and asks the API server to bind the Pod to it.',
    where: 'control-plane',
    rank: 10, role: 'waiting-room', breadth: 1.8,
    upstream: 'https://github.com/kubernetes/kubernetes/tree/release-1.36/pkg/scheduler',
    glyph: 'Sc',
  },
  dials: [{ component: 'kube-apiserver', protocols: ['api'] }],
  summary: ({ queue, binding, cache, election, lastDecision, scheduled }) => {
    const { sizes } = queue;
    const waiting = sizes.active + sizes.backoff + sizes['error-backoff'];
    const line = !election.leading ? 'standing by' : waiting > 0 ? `${waiting} ${waiting === 1 ? 'Pod waits' : 'Pods wait'} for a cycle` : sizes.unschedulable > 0 ? `${sizes.unschedulable} ${sizes.unschedulable === 1 ? 'Pod fits' : 'Pods fit'} nowhere` : 'idle';
    return {
      line,
      counters: {
        nodes: cache.nodes.size, active: sizes.active, backoff: sizes.backoff + sizes['error-backoff'], unschedulable: sizes.unschedulable, gated: sizes.gated,
        binding: binding.size, scheduled, 'last decision': lastDecision,
      },
    };
  },
};
