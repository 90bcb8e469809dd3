/** What each command does with one task: how it begins, and what follows from the answers. */
import type { KubeObject, Node } from '../../kubernetes/api/index.ts';
import { patchMetaOfKind, schemaOfKind } from '../../kubernetes/schema/index.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import type { Env, Outcome } from '../../simulation/process/process.ts';
import { fieldManager, lastApplied, missingAnnotationWarning, planPatch, withLastApplied } from './apply.ts';
import { goJson } from '../../kubernetes/apimachinery/go-json.ts';
import { keptHint } from './hints.ts';
import { refusal } from './messages.ts';
import { describeTarget, kindInLine } from './rest-mapping.ts';
import { about, after, ask, fail, print, withRun, type Answer } from './runs.ts';
import type { CommandBodies, CommandType, KubectlState, Run, Task } from './state.ts';

type Step = Outcome<KubectlState>;

/** One more thing kubectl can do: a row in `verbs`. `done` tells whether the task has ended. */
export interface Verb {
  begin(state: KubectlState, run: Run, task: Task, env: Env): Progress;
  hear(state: KubectlState, run: Run, task: Task, step: string, answer: Answer, env: Env): Progress;
}
export interface Progress { readonly outcome: Step; readonly done: boolean }

const ended = (outcome: Step): Progress => ({ outcome, done: true });
const waits = (outcome: Step): Progress => ({ outcome, done: false });
const failed = (state: KubectlState, run: Run, error: Parameters<typeof fail>[2]): Progress => ended([fail(state, run, error), []]);

const said = (state: KubectlState, run: Run, task: Task, text: string, env: Env, hint?: string): Progress =>
  ended(print(state, run, { documentIndex: task.documentIndex, ok: true, text, ...(hint === undefined ? {} : { hint }) }, env));

const nameInLine = (task: Task): string => `${kindInLine(task.mapping)}/${task.name}`;

const hintFor = ({ mapping: { group, version, kind } }: Task): string | undefined => keptHint(group === '' ? version : `${group}/${version}`, kind);

/** patcher.go: maxPatchRetry, triesBeforeBackOff, backOffPeriod. */
const maxPatchRetry = 5;
const patchBackOffUs = 1_000_000;
const writing = { fieldManager, fieldValidation: 'Strict' } as const;

const retrieving = (task: Task): string => `retrieving current configuration of:\n${describeTarget(task.mapping, task.name, task.namespace)}\nfrom server for:`;

/** kubectl knows the types of the built-in kinds; nothing says how a custom resource is merged strategically. Models apply/patcher.go. */
const isTyped = ({ apiVersion, kind }: KubeObject): boolean => schemaOfKind(apiVersion, kind) !== undefined;

function patchOrLeave(state: KubectlState, run: Run, task: Task, live: KubeObject, env: Env): Progress {
  const patch = planPatch(task.object!, live, patchMetaOfKind(live.apiVersion, live.kind));
  let next = state;
  let effects: Step[1] = [];
  if (lastApplied(live) === undefined && run.conflicts === 0) {
    [next, effects] = print(state, run, { documentIndex: task.documentIndex, ok: true, text: missingAnnotationWarning(task.mapping.resource, task.name) }, env);
  }
  const current: Run = { ...next.runs.get(run.id)!, sent: patch };
  if (patch === undefined) {
    const { outcome } = said(next, current, task, `${nameInLine(task)} unchanged`, env);
    return ended(after(effects, outcome));
  }
  return waits(after(effects, ask(withRun(next, current), current, 'patch', {
    verb: 'patch', ...about(task), query: writing, body: patch, patchType: isTyped(live) ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json',
  }, env)));
}

const apply: Verb = {
  begin(state, run, task, env) {
    if (task.name === '') {
      const generateName = (task.object!['metadata'] as { generateName?: unknown } | undefined)?.generateName;
      if (typeof generateName === 'string' && generateName !== '') return failed(state, run, { message: `from ${generateName}: cannot use generate name with apply` });
      return failed(state, run, { message: `error when ${retrieving(task)} ${JSON.stringify(task.source)}: resource name may not be empty` });
    }
    return waits(ask(state, run, 'get', { verb: 'get', ...about(task) }, env));
  },
  hear(state, run, task, step, answer, env) {
    switch (step) {
      case 'get':
        if (answer.ok) return patchOrLeave(state, run, task, answer.object!, env);
        if (answer.code !== 404) return failed(state, run, refusal(answer.status!, retrieving(task), task.source));
        return waits(ask(state, run, 'create', { verb: 'create', ...about(task), query: writing, body: withLastApplied(task.object!) }, env));
      case 'create':
        if (!answer.ok) return failed(state, run, refusal(answer.status!, 'creating', task.source));
        return said(state, run, task, `${nameInLine(task)} created`, env, hintFor(task));
      case 'patch': {
        if (answer.ok) return said(state, run, task, `${nameInLine(task)} configured`, env, hintFor(task));
        if (answer.status?.reason === 'Conflict' && run.conflicts < maxPatchRetry) {
          const again = { ...run, conflicts: run.conflicts + 1 };
          // The first try again comes at once, later ones after a pause.
          return again.conflicts === 1
            ? waits(ask(withRun(state, again), again, 'get', { verb: 'get', ...about(task) }, env))
            : waits([withRun(state, again), [setTimer(`retry/${run.id}`, patchBackOffUs, { name: 'retry', body: run.id })]]);
        }
        const patching = refusal(answer.status!, 'patching', task.source);
        const doing = `applying patch:\n${goJson(run.sent)}\nto:\n${describeTarget(task.mapping, task.name, task.namespace)}\nfor:`;
        return failed(state, run, refusal({ ...answer.status!, message: patching.message }, doing, task.source));
      }
      default: return waits([state, []]);
    }
  },
};

/** `deleted from default namespace`: since 1.34 kubectl says where (kubernetes/kubernetes#126619). */
function deletedLine(task: Task, force: boolean): string {
  const where = task.namespace === '' ? '' : ` from ${task.namespace} namespace`;
  return `${kindInLine(task.mapping)} "${task.name}" ${force ? 'force deleted' : 'deleted'}${where}`;
}

/** delete.go: DeleteResult. Without force a grace period of 0 is one of 1; with it the default is 0. */
export function gracePeriod({ gracePeriodSeconds, force }: Pick<CommandBodies['kubectl.delete'], 'gracePeriodSeconds' | 'force'>): number | undefined {
  if (force === true) return gracePeriodSeconds ?? 0;
  return gracePeriodSeconds === 0 ? 1 : gracePeriodSeconds;
}

const del: Verb = {
  begin(state, run, task, env) {
    const body = run.body as CommandBodies['kubectl.delete'];
    const grace = gracePeriod(body);
    return waits(ask(state, run, 'delete', {
      verb: 'delete', ...about(task),
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: body.propagation ?? 'Background', ...(grace === undefined ? {} : { gracePeriodSeconds: grace }) },
    }, env));
  },
  hear(state, run, task, _step, answer, env) {
    const body = run.body as CommandBodies['kubectl.delete'];
    if (!answer.ok) return failed(state, run, refusal(answer.status!, 'deleting', body.fileName ?? ''));
    const { outcome: [printed, effects] } = said(state, run, task, deletedLine(task, gracePeriod(body) === 0), env);
    if (body.wait === false) return ended([printed, effects]);
    const uid = answer.object?.metadata.uid ?? answer.status?.details?.uid ?? '';
    const current = printed.runs.get(run.id)!;
    return ended([withRun(printed, { ...current, leaving: [...current.leaving, { task, uid }] }), effects]);
  },
};

const scale: Verb = {
  begin: (state, run, task, env) => waits(ask(state, run, 'get', { verb: 'get', ...about(task) }, env)),
  hear(state, run, task, step, answer, env) {
    if (!answer.ok) return failed(state, run, refusal(answer.status!, '', ''));
    if (step === 'scale') return said(state, run, task, `${nameInLine(task)} scaled`, env);
    const { replicas } = run.body as CommandBodies['kubectl.scale'];
    return waits(ask(state, run, 'scale', {
      verb: 'patch', ...about(task), subresource: 'scale', body: { spec: { replicas } }, patchType: 'application/merge-patch+json',
    }, env));
  },
};

const cordonTo = (unschedulable: boolean): Verb => ({
  begin: (state, run, task, env) => waits(ask(state, run, 'get', { verb: 'get', ...about(task) }, env)),
  hear(state, run, task, step, answer, env) {
    const word = unschedulable ? 'cordoned' : 'uncordoned';
    if (!answer.ok) {
      return step === 'get' ? failed(state, run, refusal(answer.status!, '', ''))
        : failed(state, run, { message: `unable to ${unschedulable ? 'cordon' : 'uncordon'} node ${JSON.stringify(task.name)}: ${answer.status?.message ?? ''}` });
    }
    if (step === 'patch') return said(state, run, task, `node/${task.name} ${word}`, env);
    if (((answer.object as Node).spec.unschedulable ?? false) === unschedulable) return said(state, run, task, `node/${task.name} already ${word}`, env);
    return waits(ask(state, run, 'patch', {
      verb: 'patch', ...about(task), body: { spec: { unschedulable: unschedulable ? true : null } }, patchType: 'application/strategic-merge-patch+json',
    }, env));
  },
});

/** Everything kubectl can do here, by the type of the command event. */
export const verbs: Readonly<Record<CommandType, Verb>> = {
  'kubectl.apply': apply,
  'kubectl.delete': del,
  'kubectl.scale': scale,
  'kubectl.cordon': cordonTo(true),
  'kubectl.uncordon': cordonTo(false),
};
