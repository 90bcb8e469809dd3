import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiRequest } from '../kubernetes/protocols/api.ts';
import { createHttpServer } from '../server/http-server.ts';
import { LiveSession } from '../server/live-session.ts';
import type { Figure } from './bench-report.ts';

/**
 * What the served API gets through: creates and watch events, in-process and over HTTP, and a list of many Pods. The world is paused:
 * it moves as far as an answer takes, so that what is measured is the work and not the wait.
 */
const creates = 1_000;
const watches = 10;
const atOnce = 16;
const pods = 10_000;

const asked = { group: '', version: 'v1', namespace: 'default', user: 'kubernetes-admin', userAgent: 'bench' } as const;
const configMap = (index: number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `bench-${index}`, namespace: 'default', labels: { made: 'here' } }, data: { index: String(index) } });
/** Nobody schedules it, so that it stays as it was made. */
const pod = (index: number) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `bench-${index}`, namespace: 'default' }, spec: { schedulerName: 'nobody', containers: [{ name: 'nginx', image: 'nginx:1.27' }] } });

const opened = (): LiveSession => new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');

export async function measureServed(): Promise<readonly Figure[]> {
  return [...inProcess(), ...await overHttp(), ...listing()];
}

/** Waits for no promise: a paused world answers before `send` returns. */
function answerTo(live: LiveSession, what: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>): void {
  let code = 0;
  live.send({ ...asked, ...what }, (reply) => { if (reply.what === 'response') code = reply.response.code; });
  if (code < 200 || code > 299) throw new Error(`${what.verb} ${what.resource} was answered by ${code}`);
}

function inProcess(): readonly Figure[] {
  const live = opened();
  let events = 0;
  for (let open = 0; open < watches; open += 1) live.send({ ...asked, verb: 'watch', resource: 'configmaps', query: { labelSelector: 'made=here' } }, (reply) => { if (reply.what === 'frame') events += 1; });
  const [before, start] = [events, performance.now()];
  for (let index = 0; index < creates; index += 1) answerTo(live, { verb: 'create', resource: 'configmaps', body: configMap(index) });
  live.advance(1_000_000);
  const seconds = (performance.now() - start) / 1_000;
  expectAll(events - before);
  return perSecond('in-process', seconds);
}

async function overHttp(): Promise<readonly Figure[]> {
  const live = opened();
  const server = createHttpServer(live);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let events = 0;
  const path = '/api/v1/namespaces/default/configmaps';
  for (let open = 0; open < watches; open += 1) {
    await new Promise<void>((resolve) => {
      request({ port, path: `${path}?watch=true&labelSelector=made%3Dhere`, agent: false }, (response) => {
        response.on('data', (chunk: Buffer) => { for (const byte of chunk) if (byte === 10) events += 1; });
        resolve();
      }).end();
    });
  }
  const create = (index: number): Promise<void> => new Promise((resolve, reject) => {
    const body = JSON.stringify(configMap(index));
    request({ port, path, method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
      if (response.statusCode !== 201) reject(new Error(`create was answered by ${response.statusCode}`));
      response.resume().on('end', resolve);
    }).on('error', reject).end(body);
  });
  const [before, start] = [events, performance.now()];
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => { while (next < creates) await create(next++); }));
  live.advance(1_000_000);
  while (events - before < creates * watches) await new Promise((resolve) => { setImmediate(resolve); });
  const seconds = (performance.now() - start) / 1_000;
  expectAll(events - before);
  agent.destroy();
  server.closeAllConnections();
  server.close();
  return perSecond('http', seconds);
}

function listing(): readonly Figure[] {
  const live = opened();
  for (let index = 0; index < pods; index += 1) answerTo(live, { verb: 'create', resource: 'pods', body: pod(index) });
  const start = performance.now();
  let items = 0;
  live.send({ ...asked, verb: 'list', resource: 'pods' }, (reply) => { if (reply.what === 'response') items = (JSON.parse(JSON.stringify(reply.response.body)) as { items: unknown[] }).items.length; });
  const wallMs = performance.now() - start;
  if (items !== pods) throw new Error(`${items} of ${pods} Pods were listed`);
  return [{ name: 'list-10000-pods', value: wallMs, unit: 'ms', budget: undefined }];
}

function expectAll(events: number): void {
  if (events !== creates * watches) throw new Error(`${events} watch events, where ${creates * watches} were to come`);
}

const perSecond = (way: string, seconds: number): readonly Figure[] => [
  { name: `creates-per-second-${way}`, value: creates / seconds, unit: '1/s', budget: undefined },
  { name: `watch-events-per-second-${way}`, value: creates * watches / seconds, unit: '1/s', budget: undefined },
];
