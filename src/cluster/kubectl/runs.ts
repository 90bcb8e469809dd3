/** The life of a command: its tasks one after the other, then its errors. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { call } from '../../kubernetes/client-go/index.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { note } from '../../simulation/process/effects.ts';
import type { Effect, Env, Outcome } from '../../simulation/process/process.ts';
import { printErrors, type CommandError } from './messages.ts';
import type { KubectlState, Result, Run, Task } from './state.ts';

const keptResults = 200;

/** Names the run and the step that a call belongs to; it comes back with the answer. */
export interface StepTag { readonly run: string; readonly task: number; readonly step: string }

/** What the answer to a call was. */
export interface Answer { readonly ok: boolean; readonly code: number; readonly object: KubeObject | undefined; readonly status: Status | undefined }

/** Adds an effect list to the outcome of what comes next. */
export function after(effects: readonly Effect[], [state, more]: Outcome<KubectlState>): Outcome<KubectlState> {
  return [state, effects.length === 0 ? more : more.length === 0 ? effects : [...effects, ...more]];
}

export const withRun = (state: KubectlState, run: Run): KubectlState => ({ ...state, runs: state.runs.set(run.id, run) });

/** A line on standard output (or the warnings beside it), remembered for the session and noted on the timeline. */
export function print(state: KubectlState, run: Run, result: Omit<Result, 'id' | 'atUs'>, env: Env): Outcome<KubectlState> {
  const line: Result = { id: run.id, atUs: env.nowUs, ...result };
  const results = [...(state.results.length >= keptResults ? state.results.slice(state.results.length - keptResults + 1) : state.results), line];
  return [withRun({ ...state, results }, { ...run, printed: run.printed + 1 }), [note({ name: 'printed', text: result.text, background: false })]];
}

/** Asks the server for something on behalf of a task. */
export function ask(state: KubectlState, run: Run, step: string, request: Omit<ApiRequest, 'user' | 'userAgent'>, env: Env): Outcome<KubectlState> {
  const tag: StepTag = { run: run.id, task: run.next, step };
  const [client, effects] = call(state.client, env, request, { tag, background: false, limited: false });
  return [{ ...state, client }, effects];
}

/** The request for the object of a task. */
export const about = ({ mapping, name, namespace }: Task) => ({
  group: mapping.group, version: mapping.version, resource: mapping.resource, name, ...(namespace === '' ? {} : { namespace }),
});

/** Remembers an error of the task; errors are printed when all tasks are done. */
export function fail(state: KubectlState, run: Run, error: CommandError): KubectlState {
  const documentIndex = run.tasks[run.next]?.documentIndex ?? -1;
  return withRun(state, { ...run, errors: [...run.errors, { documentIndex, error }] });
}

/** The command is over: print its errors and forget it. */
export function finish(state: KubectlState, id: string, env: Env): Outcome<KubectlState> {
  const run = state.runs.get(id)!;
  const texts = printErrors(run.errors.map(({ error }) => error));
  let next = state;
  let effects: readonly Effect[] = [];
  run.errors.forEach(({ documentIndex, error }, i) => {
    const printed = print(next, next.runs.get(id)!, {
      documentIndex, ok: false, text: texts[i] ?? error.message,
      ...(error.status === undefined ? {} : { status: error.status }), ...(error.hint === undefined ? {} : { hint: error.hint }),
    }, env);
    next = printed[0];
    effects = [...effects, ...printed[1]];
  });
  return [{ ...next, runs: next.runs.delete(id) }, effects];
}

/** A run that has done nothing yet. */
export const newRun = (type: Run['type'], body: Run['body']): Run =>
  ({ id: body.id, type, body, tasks: [], next: 0, conflicts: 0, errors: [], leaving: [], waitsForDiscovery: false, printed: 0 });
