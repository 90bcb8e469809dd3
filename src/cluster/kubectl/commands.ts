/** The work behind the chart: commands begin, answers and watch frames carry them on. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { isFailure } from '../../kubernetes/apimachinery/index.ts';
import { call, stepClient } from '../../kubernetes/client-go/index.ts';
import type { ApiRequest, WatchFrame } from '../../kubernetes/protocols/api.ts';
import { closeStream, openStream } from '../../simulation/process/effects.ts';
import type { Effect, Env, Failure, FailureReason, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { readDocuments } from './documents.ts';
import { hintOf } from './hints.ts';
import { connectionError, noMatchError, refusal, type CommandError } from './messages.ts';
import { findMapping, readDiscovery, type Mappings } from './rest-mapping.ts';
import { about, after, ask, fail, finish, newRun, print, withRun, type Answer, type StepTag } from './runs.ts';
import { nodeMapping, userAgent, type CommandBodies, type CommandType, type KubectlState, type Leaving, type Run, type Target, type Task } from './state.ts';
import { gracePeriod, verbs } from './verbs.ts';

type Work = Outcome<KubectlState>;

/** client-go/discovery/cached/disk: how long the cache is believed. */
const discoveryLivesUs = 6 * 3_600_000_000;
const discoverTag: StepTag = { run: '', task: -1, step: 'discover' };
const immediateDeletion = 'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.';

const needsDiscovery = (type: CommandType): boolean => type !== 'kubectl.cordon' && type !== 'kubectl.uncordon';

/** A user typed a command. */
export const beginTheCommand = (state: KubectlState, event: ProcessEvent): Work => {
  const { env } = event;
  const type = event.type as CommandType;
  const run = newRun(type, event.body as CommandBodies[CommandType]);
  const next: KubectlState = { ...state, lastCommand: `${type.slice('kubectl.'.length)} (${run.id})` };
  const fresh = next.discovery !== undefined && env.nowUs - next.discovery.atUs < discoveryLivesUs;
  return fresh || !needsDiscovery(type) ? start(next, run, env) : discover(next, run, env);
};

/** Asks what is served, and goes on with the command then. */
function discover(state: KubectlState, run: Run, env: Env): Work {
  const waiting = withRun(state, { ...run, waitsForDiscovery: true, fresh: true });
  if (state.discovering) return [waiting, []];
  const [client, effects] = call(waiting.client, env, { verb: 'discover', group: '', version: '', resource: '' }, { tag: discoverTag, background: false, limited: false });
  return [{ ...waiting, client, discovering: true }, effects];
}

/** Reads what the command is about, then does its first task. */
function start(state: KubectlState, run: Run, env: Env): Work {
  const read = readCommand(run, state.discovery?.mappings);
  // What the cache on disk does not know may be served since. Models client-go/restmapper/discovery.go: deferredDiscoveryRESTMapper.
  if (run.fresh !== true && read.errors.some(({ error }) => error.noMatch === true)) return discover(state, run, env);
  const begun: Run = { ...run, waitsForDiscovery: false, tasks: read.tasks, errors: read.errors };
  const ready = withRun(state, begun);
  if (run.type === 'kubectl.apply' && read.tasks.length === 0 && read.errors.length === 0) return finish(fail(ready, begun, { message: 'no objects passed to apply' }), run.id, env);
  if (run.type !== 'kubectl.delete' || gracePeriod(run.body as CommandBodies['kubectl.delete']) !== 0) return proceed(ready, run.id, env);
  const [warned, effects] = print(ready, begun, { documentIndex: -1, ok: true, text: immediateDeletion }, env);
  return after(effects, proceed(warned, run.id, env));
}

function readCommand({ type, body }: Run, mappings: Mappings | undefined): Pick<Run, 'tasks' | 'errors'> {
  switch (type) {
    case 'kubectl.apply': {
      const { documents, fileName = 'STDIN' } = body as CommandBodies['kubectl.apply'];
      const { items, errors } = readDocuments(documents, fileName, mappings!, hintOf);
      return { tasks: items, errors };
    }
    case 'kubectl.delete': case 'kubectl.scale': {
      const { targets, fileName } = body as CommandBodies['kubectl.delete'];
      return readTargets(targets, fileName, mappings!);
    }
    default: {
      const { nodes } = body as CommandBodies['kubectl.cordon'];
      return { tasks: nodes.map((name, documentIndex) => ({ documentIndex, source: '', mapping: nodeMapping, name, namespace: '' })), errors: [] };
    }
  }
}

function readTargets(targets: readonly Target[], fileName: string | undefined, mappings: Mappings): Pick<Run, 'tasks' | 'errors'> {
  const tasks: Task[] = [];
  const errors: { documentIndex: number; error: CommandError }[] = [];
  targets.forEach(({ apiVersion, kind, name, namespace }, documentIndex) => {
    const mapping = findMapping(mappings, apiVersion, kind);
    if (mapping !== undefined) {
      tasks.push({ documentIndex, source: fileName ?? '', mapping, name, namespace: mapping.namespaced ? namespace ?? 'default' : '' });
      return;
    }
    const error: CommandError = fileName === undefined ? { noMatch: true, message: `the server doesn't have a resource type "${kind.toLowerCase()}"` } : noMatchError(apiVersion, kind, name, namespace ?? '', fileName);
    errors.push({ documentIndex, error });
  });
  return { tasks, errors };
}

/** Does tasks until one has to wait for the server, then waits for what was deleted, then ends. */
function proceed(state: KubectlState, id: string, env: Env): Work {
  let next = state;
  let effects: readonly Effect[] = [];
  for (;;) {
    const run = next.runs.get(id)!;
    const task = run.tasks[run.next];
    if (task === undefined) return after(effects, waitUntilGone(next, run, env));
    const { outcome, done } = verbs[run.type].begin(next, run, task, env);
    [next, effects] = after(effects, outcome);
    if (!done) return [next, effects];
    next = pastTask(next, id);
  }
}

function pastTask(state: KubectlState, id: string): KubectlState {
  const run = state.runs.get(id)!;
  return withRun(state, { ...run, next: run.next + 1, conflicts: 0, sent: undefined });
}

/** Answers of the server. */
export const hearTheServer = (state: KubectlState, event: ProcessEvent): Work => {
  const step = stepClient(state.client, event);
  let work: Work = [{ ...state, client: step.client }, step.effects];
  for (const news of step.news) {
    if (news.type !== 'answer') continue;
    const tag = news.tag as StepTag;
    const reason = event.kind === 'failure' ? (event.body as Failure).reason : undefined;
    const answer: Answer = {
      ok: news.ok, code: news.code,
      object: news.ok && news.body?.kind !== 'Status' ? (news.body as KubeObject) : undefined,
      status: news.body?.kind === 'Status' ? (news.body as Status) : undefined,
    };
    work = after(work[1], tag.step === 'discover' ? discovered(work[0], answer, news.body, reason, event.env) : hear(work[0], tag, answer, reason, event.env));
  }
  return work;
};

function discovered(state: KubectlState, answer: Answer, body: unknown, reason: FailureReason | undefined, env: Env): Work {
  const waiting = [...state.runs.values()].filter((run) => run.waitsForDiscovery);
  let work: Work = [{ ...state, discovering: false, ...(answer.ok ? { discovery: { mappings: readDiscovery(body), atUs: env.nowUs } } : {}) }, []];
  const problem = answer.ok ? undefined : answer.code === 0 ? connectionError(reason, state.apiServer) : refusal(answer.status!, '', '');
  for (const run of waiting) work = after(work[1], problem === undefined ? start(work[0], run, env) : finish(fail(work[0], run, problem), run.id, env));
  return work;
}

function hear(state: KubectlState, tag: StepTag, answer: Answer, reason: FailureReason | undefined, env: Env): Work {
  const run = state.runs.get(tag.run);
  if (run === undefined) return [state, []];
  // Without a server there is nothing left to try: the command ends here.
  if (answer.code === 0) return finish(fail(state, run, connectionError(reason, state.apiServer)), run.id, env);
  if (tag.step === 'gone') return hearWhetherGone(state, run, answer, env);
  const task = run.tasks[run.next];
  if (task === undefined || tag.task !== run.next) return [state, []];
  const { outcome: [next, effects], done } = verbs[run.type].hear(state, run, task, tag.step, answer, env);
  return done ? after(effects, proceed(pastTask(next, run.id), run.id, env)) : [next, effects];
}

/** The pause after a conflict is over: read the object and patch it again. */
export const tryAgain = (state: KubectlState, { body, env }: ProcessEvent): Work => {
  const run = state.runs.get(body as string);
  const task = run?.tasks[run.next];
  return run === undefined || task === undefined ? [state, []] : ask(state, run, 'get', { verb: 'get', ...about(task) }, env);
};

/** Names the stream that waits for the first of so many objects to go: a late frame for another one is not mistaken for it. */
const watchOf = (run: Run): string => `gone/${run.leaving.length}/${run.id}`;

/** Models kubectl/pkg/cmd/wait/delete.go: IsDeleted — look whether it is there, and if so watch until it is not. */
function waitUntilGone(state: KubectlState, run: Run, env: Env): Work {
  const leaving = run.leaving[0];
  return leaving === undefined ? finish(state, run.id, env) : ask(state, run, 'gone', { verb: 'get', ...about(leaving.task) }, env);
}

function hearWhetherGone(state: KubectlState, run: Run, answer: Answer, env: Env): Work {
  const leaving = run.leaving[0]!;
  if (!answer.ok && answer.code !== 404) return finish(fail(state, run, refusal(answer.status!, '', '')), run.id, env);
  if (!answer.ok || isAnother(leaving, answer.object!)) return gone(state, run, env);
  const { name, ...where } = about(leaving.task);
  const body: ApiRequest = {
    verb: 'watch', ...where, query: { fieldSelector: `metadata.name=${name}`, resourceVersion: answer.object!.metadata.resourceVersion ?? '' },
    user: state.user, userAgent,
  };
  return [state, [openStream(watchOf(run), state.client.config.apiServer, { type: 'api.watch', body, background: false })]];
}

const isAnother = ({ uid }: Leaving, object: KubeObject): boolean => uid !== '' && object.metadata.uid !== uid;

function gone(state: KubectlState, run: Run, env: Env): Work {
  const rest: Run = { ...run, leaving: run.leaving.slice(1) };
  return waitUntilGone(withRun(state, rest), rest, env);
}

function runOfStream(state: KubectlState, id: string): Run | undefined {
  const run = state.runs.get(id.slice(id.indexOf('/', 'gone/'.length) + 1));
  return run !== undefined && watchOf(run) === id ? run : undefined;
}

/** A frame of a watch that waits for a deletion. */
export const hearTheWatch = (state: KubectlState, event: ProcessEvent): Work => {
  const run = runOfStream(state, event.id);
  const leaving = run?.leaving[0];
  if (run === undefined || leaving === undefined) return [state, []];
  const { object } = event.body as WatchFrame;
  const over = event.type === 'watch.deleted' || (!isFailure(object) && event.type !== 'watch.bookmark' && isAnother(leaving, object as KubeObject));
  return over ? after([closeStream(event.id)], gone(state, run, event.env)) : [state, []];
};

/** The watch ended before the object did: look again. */
export const lookAgain = (state: KubectlState, event: ProcessEvent): Work => {
  const run = runOfStream(state, event.id);
  return run?.leaving[0] === undefined ? [state, []] : waitUntilGone(state, run, event.env);
};
