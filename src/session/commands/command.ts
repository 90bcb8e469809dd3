import type { ManifestReading } from '../../kubernetes/yaml/index.ts';
import type { WorldInput } from '../../simulation/recording/records.ts';
import type { Mark, Problem } from '../port/protocol.ts';
import type { SessionCommand } from './index.ts';

/** What a command may look at to become inputs of the world; nothing that changes while the world runs, so that a recording can be planned ahead. */
export interface CommandTools {
  /** Names this use of the command, so that results find their way back: `command-3`. */
  readonly commandId: string;
  readonly hosts: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  readManifests(text: string, fileName: string): ManifestReading;
}

/** Either what to do to the world, or why it can not even begin; then nothing has changed. */
export type CommandPlan = { readonly inputs: readonly WorldInput[] } | { readonly problems: readonly Problem[] };

/** One thing a user can do to the world. */
export interface CommandDefinition<C extends SessionCommand = SessionCommand> {
  readonly type: C['type'];
  /** What kind of mark it leaves on the ruler. */
  readonly mark: Mark['kind'];
  /** True where it leaves none: what is asked hundreds of times a minute, and changes nothing. */
  unmarked?(command: C): boolean;
  /** A few words for the mark and the log. */
  title(command: C): string;
  plan(command: C, tools: CommandTools): CommandPlan;
}

export const defineCommand = <T extends SessionCommand['type']>(definition: CommandDefinition<Extract<SessionCommand, { type: T }>>) => definition;

export const kubectl = 'outside/kubectl';
export const proxy = 'outside/kubectl-proxy';

/** What is wrong with a text, each at a line that the text has (a missing end is told after the last one). */
export function problemsOf(reading: ManifestReading, text: string): readonly Problem[] {
  const lines = text.trimEnd().split('\n').length;
  return reading.errors.map(({ message, line, column }) => ({ text: message, line: Math.min(line, lines), column }));
}

/** Speaks to the user's kubectl process. */
export const tellKubectl = (event: string, body: unknown): CommandPlan => ({ inputs: [{ type: 'tell', to: kubectl, event: `kubectl.${event}`, body }] });

/** An input about a host, or a sentence if there is no such host. */
export function onHost(host: string, tools: CommandTools, type: 'power-off' | 'power-on' | 'partition' | 'heal'): CommandPlan {
  return tools.hosts.has(host) ? { inputs: [{ type, host }] } : noSuchHost(host);
}

export const noSuchHost = (host: string): CommandPlan => ({ problems: [{ text: `There is no node called "${host}".` }] });

/** All links of a host, each way: so much longer than they are by themselves, and up to half as much again. */
export const slowedBy = (host: string, delayUs: number): readonly WorldInput[] =>
  [[host, '*'], ['*', host]].map(([from, to]) => ({ type: 'change-link', from: from!, to: to!, delayUs, jitterUs: delayUs / 2 }));

export function onProcess(address: string, tools: CommandTools, type: 'stop-process' | 'start-process'): CommandPlan {
  return tools.addresses.has(address) ? { inputs: [{ type, address }] } : { problems: [{ text: `Nothing runs at "${address}".` }] };
}
