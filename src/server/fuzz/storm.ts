/** Sends wild requests to a served world and says what it should not have done. */
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '../http-server.ts';
import { LiveSession } from '../live-session.ts';
import { placesOfThings, soundThings } from './sound-things.ts';
import { WildRequests, type WildRequest } from './wild-requests.ts';

export interface Storm { readonly codes: ReadonlyMap<number, number>; readonly wrongs: readonly string[] }

/** A world is not to be filled: after so many requests the next one begins. */
const perWorld = 5_000;
const atOnce = 16;
const patienceMs = 300_000;
/** What the real server answers with a 500 itself. Models staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go: Apply. */
const ownOfUpstream = /"message":"failed to create typed patch object /;

export async function storm(seed: number, requests: number): Promise<Storm> {
  const codes = new Map<number, number>();
  const wrongs: string[] = [];
  const wild = new WildRequests(seed);
  for (let done = 0; done < requests; done += perWorld) await overOneWorld(wild, seed, Math.min(perWorld, requests - done), codes, wrongs);
  return { codes, wrongs };
}

async function overOneWorld(wild: WildRequests, seed: number, requests: number, codes: Map<number, number>, wrongs: string[]): Promise<void> {
  const before = prototypes();
  const live = new LiveSession({ version: 1, seed, topology: 'three-nodes', commands: [] }, 'paused');
  const server = createHttpServer(live);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  live.advance(20_000_000);
  for (const [path, name, resource] of placesOfThings) {
    const [, apiVersion, kind, more] = soundThings.find(([one]) => one === resource)!;
    const { code, text } = await send(live, server, { method: 'POST', path, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ apiVersion, kind, ...more, metadata: { ...more['metadata'] as object, name } }) });
    if (code !== 201) wrongs.push(`${path} ${name} could not be made: ${code} ${text}`);
    live.advance(5_000_000);
  }
  let left = requests;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const one = wild.next();
      if (left % 50 === 0) live.advance(500_000);
      const { code, text } = await send(live, server, one);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      // 503 says why; a 500 is a program that did not expect this, and silence one that is lost in it.
      if ((code === 500 && !ownOfUpstream.test(text)) || code < 100) wrongs.push(`${one.method} ${one.path} ${JSON.stringify(one.headers)} ${one.body} → ${code} ${text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  if (prototypes() !== before) wrongs.push(`a prototype was changed: ${prototypes()}`);
  const { code, text } = await send(live, server, { method: 'POST', path: '/api/v1/namespaces/default/configmaps', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'after-' } }) });
  if (code !== 201) wrongs.push(`the world no longer takes a ConfigMap: ${code} ${text}`);
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
}

const prototypes = (): string => [Object.prototype, Array.prototype, String.prototype, Map.prototype].map((each) => Object.getOwnPropertyNames(each).join()).join(';');

function send(live: LiveSession, server: Server, { method, path, headers, body }: WildRequest): Promise<{ readonly code: number; readonly text: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, agent: false, timeout: patienceMs }, (response) => {
      let text = '';
      // Who follows hears of no end: a moment passes, then the client goes.
      if (/[?&](watch|follow)=(1|true)/.test(path)) {
        setImmediate(() => { live.advance(500_000); asked.destroy(); });
        response.on('error', () => undefined);
        return void response.on('close', () => resolve({ code: response.statusCode!, text }));
      }
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      response.on('end', () => resolve({ code: response.statusCode!, text }));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', (error) => resolve({ code: 0, text: error.message }));
    asked.end(body);
  });
}
