/**
 * The world's calendar as the clients' own: a world that keeps step with the wall's clock is told in its dates, so that ages that a client works out
 * (`kubectl describe`, `kubectl events`) are right. Only what goes out and comes in is shifted, by whole seconds; the world and its recording know nothing of it.
 */
import type { ServerResponse } from 'node:http';

const moment = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z$/;
/** The first moment of every world. */
const epochSeconds = Date.UTC(2026, 0, 1) / 1_000;

export class WallTime {
  private readonly seconds: number;
  /** Of a world whose time was `worldUs` at this moment of the wall's. */
  constructor(wallMs: number, worldUs: number) { this.seconds = Math.round(wallMs / 1_000 - worldUs / 1_000_000) - epochSeconds; }

  private shifted(text: string, sign: 1 | -1): string {
    return text.replace(moment, (whole, second: string, fraction = '') => {
      const at = Date.parse(`${second}Z`) + sign * this.seconds * 1_000;
      return Number.isNaN(at) || Math.abs(at) > 8e15 ? whole : `${new Date(at).toISOString().slice(0, 19)}${fraction}Z`;
    });
  }

  /** What a client said, in the world's time. */
  into<T>(value: T): T {
    if (typeof value === 'string') return this.shifted(value, -1) as T;
    if (Array.isArray(value)) return value.map((each: unknown) => this.into(each)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.into(each)])) as T;
  }

  /** Has everything that is said to a client told in the wall's time: each string of a JSON document that is a moment, and with `lines` the first word of each line. */
  tellThrough(response: ServerResponse, lines: boolean): void {
    const out = (text: string): string => (lines
      ? text.replace(/^\S+(?= )/gm, (word) => this.shifted(word, 1))
      : text.replace(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, (_, word: string) => `"${this.shifted(word, 1)}"`));
    const write = response.write.bind(response) as (chunk: unknown) => boolean;
    const end = response.end.bind(response) as (chunk?: unknown) => ServerResponse;
    const shown = (chunk: unknown): unknown => (typeof chunk === 'string' ? out(chunk) : chunk);
    response.write = ((chunk: unknown) => write(shown(chunk))) as typeof response.write;
    response.end = ((chunk?: unknown) => end(shown(chunk))) as typeof response.end;
  }
}
