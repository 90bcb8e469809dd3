import type { SessionCommand } from '../commands/index.ts';
import { commandShapes, type FieldShape } from './command-shapes.ts';
import type { Problem, Recording } from './protocol.ts';

/** Bounds of what is taken from outside: a recording is a list of what a person did. */
const mostCommands = 10_000;
const mostText = 8_000_000;
/** A week of virtual time; the world is computed up to there when such a recording is opened. */
const latestUs = 7 * 24 * 3_600_000_000;

/** Thrown where something is not as it must be, and caught at the door. */
class Unreadable extends Error {}

const refuse = (text: string): never => { throw new Unreadable(text); };

/** The value's own field: what an object inherits, and what pretends to be its prototype, is not read. */
const own = (value: object, field: string): unknown => (Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown, most: number): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/**
 * Reads what claims to be a recording and may come from anywhere: a file, a link, another window. What comes back is built anew from
 * the known fields alone, so nothing else of the value can reach the world.
 */
export function readRecording(value: unknown): Recording | Problem {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Unreadable) return { text: error.message };
    throw error;
  }
}

/** Tells the two answers of `readRecording` apart. */
export const isProblem = (answer: object): answer is Problem => Object.hasOwn(answer, 'text');

function read(value: unknown): Recording {
  if (!isObject(value)) return refuse('This is not a recording of Orrery.');
  const version = own(value, 'version');
  if (typeof version !== 'number') return refuse('This is not a recording of Orrery: it names no version.');
  if (version !== 1) return refuse(`This recording has the format ${version}; this Orrery reads format 1.`);
  const seed = own(value, 'seed');
  if (!isWhole(seed, 0xffff_ffff)) return refuse('This recording is damaged: its seed is not a whole number.');
  const topology = own(value, 'topology');
  if (typeof topology !== 'string' || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(topology)) return refuse('This recording is damaged: its topology has no proper name.');
  const commands = readCommands(own(value, 'commands'));
  const check = own(value, 'check');
  return { version: 1, seed, topology, commands, ...(check !== undefined && { check: readCheck(check) }) };
}

function readCheck(value: unknown): NonNullable<Recording['check']> {
  const [atUs, hash] = isObject(value) ? [own(value, 'atUs'), own(value, 'hash')] : [];
  if (!isWhole(atUs, latestUs) || typeof hash !== 'string' || !/^[0-9a-f]{1,64}$/.test(hash)) return refuse('This recording is damaged: its check is not readable.');
  return { atUs, hash };
}

function readCommands(value: unknown): Recording['commands'] {
  if (!Array.isArray(value)) return refuse('This recording is damaged: it has no list of commands.');
  if (value.length > mostCommands) return refuse(`This recording holds ${value.length} commands; at most ${mostCommands} can be opened.`);
  let text = 0;
  let lastUs = 0;
  return value.map((entry: unknown, index) => {
    const where = `command ${index + 1}`;
    if (!isObject(entry)) return refuse(`This recording is damaged: ${where} is not readable.`);
    const atUs = own(entry, 'atUs');
    if (!isWhole(atUs, latestUs)) return refuse(`This recording is damaged: ${where} has no proper moment.`);
    if (atUs < lastUs) return refuse(`This recording is damaged: ${where} comes before the one above it.`);
    lastUs = atUs;
    const command = readCommand(own(entry, 'command'), where);
    for (const field of Object.values(command)) if (typeof field === 'string') text += field.length;
    if (text > mostText) return refuse('This recording holds more text than can be opened.');
    return { atUs, command };
  });
}

function readCommand(value: unknown, where: string): SessionCommand {
  const type = isObject(value) ? own(value, 'type') : undefined;
  if (typeof type !== 'string') return refuse(`This recording is damaged: ${where} is not readable.`);
  if (!Object.hasOwn(commandShapes, type)) return refuse(`This recording asks for something this Orrery can not do: “${type.slice(0, 60)}” (${where}).`);
  const command: Record<string, unknown> = { type };
  for (const [field, shape] of Object.entries(commandShapes[type as SessionCommand['type']] as Readonly<Record<string, FieldShape>>)) {
    const given = own(value as object, field);
    if (given === undefined && shape.optional === true) continue;
    if (!fits(given, shape)) return refuse(`This recording is damaged: ${where}, “${type}”, has no proper “${field}”.`);
    command[field] = 'jsonUpTo' in shape ? plainJson(given as object) : given;
  }
  return command as unknown as SessionCommand;
}

function fits(value: unknown, shape: FieldShape): boolean {
  if ('textUpTo' in shape) return typeof value === 'string' && value.length <= shape.textUpTo;
  if ('oneOf' in shape) return typeof value === 'string' && shape.oneOf.includes(value);
  if ('wholeUpTo' in shape) return isWhole(value, shape.wholeUpTo);
  if ('jsonUpTo' in shape) return isObject(value) && JSON.stringify(value).length <= shape.jsonUpTo;
  return typeof value === 'boolean';
}

/** The value built anew; a field called `__proto__` in it is no accident. */
const plainJson = (value: object): unknown =>
  JSON.parse(JSON.stringify(value), (_key, inner: unknown) => (isObject(inner) && Object.hasOwn(inner, '__proto__') ? refuse('This recording is damaged: it holds a field that no object may have.') : inner));
