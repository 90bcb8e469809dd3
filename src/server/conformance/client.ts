/** A client of the served API, as the tests of conformance use one: plain HTTP, objects as JSON, refusals as errors. */
import type { LiveSession } from '../live-session.ts';
import { Refused, type Thing, type ThingList } from './things.ts';
import { WatchedEvents } from './watched-events.ts';

export interface Answer { readonly code: number; readonly headers: Headers; readonly text: string }
export interface Ask { readonly body?: unknown; readonly headers?: { readonly [name: string]: string } }

const patchTypes = { merge: 'application/merge-patch+json', strategic: 'application/strategic-merge-patch+json', json: 'application/json-patch+json', apply: 'application/apply-patch+yaml' } as const;
/** Upstream's tests wait for minutes at most. */
const longestUs = 300_000_000;
const lookUs = 100_000;

export class Client {
  /** The test's own. */
  readonly namespace: string;
  readonly url: string;
  private readonly live: LiveSession;
  private readonly watches: WatchedEvents[] = [];

  constructor(live: LiveSession, url: string, namespace: string) {
    [this.live, this.url, this.namespace] = [live, url, namespace];
  }

  /** Where the resources of a version lie that have no namespace, or in all of them: `/apis/apps/v1`. */
  all(apiVersion: string): string { return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`; }
  /** Where they lie in a namespace: the test's own, unless another is named. */
  in(apiVersion: string, namespace = this.namespace): string { return `${this.all(apiVersion)}/namespaces/${namespace}`; }

  async raw(method: string, path: string, { body, headers = {} }: Ask = {}): Promise<Answer> {
    const given = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(this.url + path, { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), 'user-agent': 'conformance', ...headers }, ...given, redirect: 'manual' });
    return { code: response.status, headers: response.headers, text: await response.text() };
  }

  private async ask<T>(method: string, path: string, ask?: Ask): Promise<T> {
    const { code, text } = await this.raw(method, path, ask);
    if (code >= 300) throw new Refused(`${method} ${path}`, code, text);
    return JSON.parse(text) as T;
  }

  get<T = Thing>(path: string, headers?: Ask['headers']): Promise<T> { return this.ask<T>('GET', path, { headers }); }
  list(path: string): Promise<ThingList> { return this.get<ThingList>(path); }
  post<T = Thing>(path: string, body: unknown): Promise<T> { return this.ask<T>('POST', path, { body }); }
  put<T = Thing>(path: string, body: unknown): Promise<T> { return this.ask<T>('PUT', path, { body }); }
  patch<T = Thing>(path: string, body: unknown, how: keyof typeof patchTypes = 'merge'): Promise<T> { return this.ask<T>('PATCH', path, { body, headers: { 'content-type': patchTypes[how] } }); }
  delete<T = Thing>(path: string, body?: unknown): Promise<T> { return this.ask<T>('DELETE', path, { body }); }

  /** What is there, or undefined. */
  async find<T = Thing>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if ((error as Partial<Refused>).code === 404) return undefined;
      throw error;
    }
  }

  /** Begins a watch: of a list's path, with the watch's options in its query. */
  async watch(path: string): Promise<WatchedEvents> {
    const watch = new WatchedEvents(this, `${this.url}${path}${path.includes('?') ? '&' : '?'}watch=true`);
    this.watches.push(watch);
    await watch.begin();
    return watch;
  }

  hangUp(): void { for (const watch of this.watches) watch.stop(); }

  /** Lets the world go on. */
  async pass(ms: number): Promise<void> {
    this.live.advance(ms * 1_000);
    // What was said meanwhile is on its way through a socket.
    await new Promise((resolve) => { setTimeout(resolve, 1); });
  }

  /** Asks again, as time passes, until there is an answer; upstream's tests poll as well. */
  async until<T>(look: () => Promise<T | undefined | false>, withinMs = longestUs / 1_000): Promise<T> {
    for (let left = withinMs * 1_000; left > 0; left -= lookUs) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await this.pass(lookUs / 1_000);
    }
    throw new Error(`it did not come in ${withinMs} ms of the world`);
  }
}
