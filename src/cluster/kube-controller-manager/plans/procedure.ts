import type { Note } from '../../../simulation/process/process.ts';
import type { Answer, ControllerEvent, ControllerRequest } from '../controller.ts';

/**
 * Work on a key written straight down, as upstream writes it: a generator that yields the calls it makes side by side and is given their answers.
 * Nothing of it is kept between two steps but what it began with and the answers so far: each step goes through it from its start again.
 */
export type Procedure<Result> = Generator<readonly ControllerRequest[], Result, readonly Answer[]>;

/** What a procedure tells beside its calls; of events and notes only those since the last answers are told. */
export interface Told { readonly events: ControllerEvent[]; readonly notes: Note[] }

export type Advance<Result> = Told & ({ readonly asks: readonly ControllerRequest[] } | { readonly asks?: undefined; readonly result: Result });

/** As far as the answers reach. */
export function advance<Result>(begin: (told: Told) => Procedure<Result>, answered: readonly (readonly Answer[])[]): Advance<Result> {
  const told: Told = { events: [], notes: [] };
  const procedure = begin(told);
  let now = procedure.next();
  for (const answers of answered) {
    told.events.length = told.notes.length = 0;
    now = procedure.next(answers);
  }
  return now.done === true ? { ...told, result: now.value } : { ...told, asks: now.value };
}

/** One call, and its answer. */
export function* ask(request: ControllerRequest): Procedure<Answer> {
  return (yield [request])[0]!;
}

/** Several at once, in lockstep: the next calls of all are made when the last calls of all are answered. */
export function* sideBySide<Result>(procedures: readonly Procedure<Result>[]): Procedure<readonly Result[]> {
  const results: Result[] = [];
  let open = procedures.map((procedure, index) => ({ procedure, index, now: procedure.next() }));
  for (;;) {
    open = open.filter(({ now, index }) => {
      if (now.done === true) results[index] = now.value;
      return now.done !== true;
    });
    if (open.length === 0) return results;
    const asks = open.map(({ now }) => now.value as readonly ControllerRequest[]);
    const answers = yield asks.flat();
    let from = 0;
    open = open.map(({ procedure, index }, at) => ({ procedure, index, now: procedure.next(answers.slice(from, from += asks[at]!.length)) }));
  }
}
