import type { Component } from '../component.ts';
import { kubectlMachine } from './kubectl-machine.ts';
import { initialState, type KubectlDisk, type KubectlInput, type KubectlState } from './state.ts';

export type { CommandBodies, CommandType, KubectlState, Result, Target } from './state.ts';

/** The command line client: a process like any other, outside the cluster. Models staging/src/k8s.io/kubectl/pkg/cmd. */
export const kubectl: Component<KubectlState> = {
  name: 'kubectl',
  machine: kubectlMachine,
  initial: (input, disk) => initialState(input as KubectlInput, disk as KubectlDisk),
  survives: ({ discovery }) => discovery,
  descriptor: {
    title: 'kubectl',
    duty: 'Turns what a user asks for into requests to the API server, and prints what came of them.',
    where: 'outside',
    upstream: 'https://github.com/kubernetes/kubernetes/tree/release-1.36/staging/src/k8s.io/kubectl',
    glyph: 'ctl',
  },
  dials: [{ component: 'kube-apiserver', protocols: ['api'] }, { component: 'load-balancer', protocols: ['api'] }],
  summary: ({ runs, results, lastCommand }) => {
    const last = results.at(-1);
    return {
      line: runs.size > 0 ? `${lastCommand.replace(/ \(.*\)$/, '')}: under way` : last === undefined ? 'at the prompt' : last.text.split('\n', 1)[0]!,
      counters: { 'under way': runs.size, printed: results.length, 'last command': lastCommand, 'last result': last?.text ?? '' },
    };
  },
  facts(before, after) {
    if (before?.results === after.results) return [];
    const known = before?.results.at(-1);
    const printed = known === undefined ? after.results : after.results.slice(after.results.lastIndexOf(known) + 1);
    return printed.map(({ id, documentIndex, ok, text, status, hint }) => ({ type: 'result', commandId: id, documentIndex, ok, text: hint === undefined ? text : `${text}\n${hint}`, ...(status !== undefined && { status }) }));
  },
};
