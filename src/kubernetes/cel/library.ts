/** The one place that knows which implementation of the language is used. */
import { Environment } from '@marcbachmann/cel-js';
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';

export { Environment, Optional, type ASTNode } from '@marcbachmann/cel-js';
export { Duration, UnsignedInt };

/** A function of an expression: its signature in the library's notation, and what it does. */
export type Declared = readonly [signature: string, run: (...args: never[]) => unknown];

/** What a function of the environment refuses, in its own words. */
export class Refused extends Error {}

export const refused = (message: string): never => { throw new Refused(message); };

const times = new Environment().registerVariable('text', 'string');
const timestamp = times.parse('timestamp(text)');
const duration = times.parse('duration(text)');

/** Texts as the language's own times; a text that is none is refused. */
export const readTimestamp = (text: string): unknown => timestamp({ text });
export const readDuration = (text: string): unknown => duration({ text });
