import { beforeAll, describe, expect, test } from 'vitest';
import { readManifests } from '../cluster/with-manifests.ts';
import type { SessionCommand } from './commands/index.ts';
import type { Frame, FromSession, LogLine, Mark, QueryAnswer, Recording } from './port/protocol.ts';
import type { MessageRow, PodRow, Row } from './port/rows.ts';
import { answerQuery } from './answer-query.ts';
import { createSession } from './session.ts';

const second = 1_000_000;
const fresh: Recording = { version: 1, seed: 1, topology: 'three-nodes', commands: [] };
const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: nginx
        image: nginx:1.27
`;

/** A page without a screen: keeps what the frames say, as a page must. */
class Page {
  rows = new Map<string, Row>();
  messages: MessageRow[] = [];
  log: LogLine[] = [];
  marks: readonly Mark[] = [];
  last: Frame | undefined;
  heard: FromSession[] = [];
  private readonly session = createSession({ answerQuery, emit: (message) => this.hear(message), readManifests: (text, fileName) => readManifests(text, { fileName }) });
  private next = 1;

  constructor(recording: Recording = fresh, seekUs?: number) { this.session.receive({ type: 'open', recording, ...(seekUs !== undefined && { seekUs }) }); }

  private hear(message: FromSession): void {
    this.heard.push(message);
    if (message.type === 'failed') throw new Error(message.message);
    if (message.type !== 'frame') return;
    if (message.whole) { this.rows = new Map(); this.messages = []; this.log = []; }
    for (const { key, row } of message.rows) if (row === null) this.rows.delete(key); else this.rows.set(key, row);
    this.messages.push(...message.messages);
    this.log.push(...message.log);
    if (message.marks) this.marks = message.marks;
    this.last = message;
  }

  get nowUs(): number { return this.last!.toUs; }
  know(forUs: number): void { this.session.receive({ type: 'know', throughUs: this.nowUs + forUs, untilNews: false, limitUs: this.nowUs + forUs }); }
  seek(toUs: number): void { this.session.receive({ type: 'seek', toUs }); }
  do(command: SessionCommand, atUs = this.nowUs): FromSession {
    const id = this.next++;
    this.session.receive({ type: 'dispatch', id, atUs, command });
    return this.heard.findLast((m) => (m.type === 'dispatched' || m.type === 'refused') && m.id === id)!;
  }
  apply(text: string, atUs?: number): FromSession { return this.do({ type: 'apply-manifest', text, fileName: 'web.yaml' }, atUs); }
  ask(query: Parameters<typeof this.query>[0]): QueryAnswer { return this.query(query); }
  private query(query: Extract<Parameters<ReturnType<typeof createSession>['receive']>[0], { type: 'query' }>['query'], atUs = this.nowUs): QueryAnswer {
    const id = this.next++;
    this.session.receive({ type: 'query', id, atUs, query });
    const answer = this.heard.findLast((m) => m.type === 'answer' && m.id === id);
    return (answer as Extract<FromSession, { type: 'answer' }>).answer;
  }
  export(): Recording {
    const id = this.next++;
    this.session.receive({ type: 'export', id });
    return (this.heard.findLast((m) => m.type === 'exported') as Extract<FromSession, { type: 'exported' }>).recording;
  }
  pods(): PodRow[] { return [...this.rows.values()].filter((row): row is PodRow => row.type === 'pod' && row.namespace === 'default'); }
  sorted(): [string, Row][] { return [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1)); }
}

describe('a session', () => {
  test('opens on a cluster at rest, all nodes Ready', () => {
    const page = new Page();
    expect([...page.rows.values()].filter((row) => row.type === 'node').map((row) => [row.name, row.ready]).sort()).toEqual(['control-plane-1', 'worker-1', 'worker-2', 'worker-3'].map((name) => [name, 'True']));
    expect([...page.rows.values()].filter((row) => row.type === 'component').every((row) => row.running)).toBe(true);
    expect(page.marks).toEqual([{ atUs: page.nowUs, kind: 'start', text: 'start', recordId: -1 }]);
  });

  describe('with a Deployment applied', () => {
    const page = new Page();
    let startUs = 0;
    beforeAll(() => {
      startUs = page.nowUs;
      page.apply(web);
      page.know(60 * second);
    });

    test('its Pods come to run, and kubectl said so', () => {
      expect(page.pods().map((pod) => [pod.status, pod.ready])).toEqual([['Running', true], ['Running', true], ['Running', true]]);
      expect(page.log.filter((line) => line.kind === 'result').map((line) => line.text)).toEqual(['deployment.apps/web created']);
      expect(page.marks.map((mark) => mark.text)).toContain('web 3/3');
    });

    test('a container start leads back to the user\'s apply', () => {
      const start = page.messages.find((message) => message.label.startsWith('StartContainer'))!;
      const answer = page.ask({ type: 'record', recordId: start.id });
      if (answer.type !== 'record') throw new Error(answer.type);
      expect(answer.causes.at(-1)).toMatchObject({ what: 'command', sentence: 'You: apply web.yaml' });
      expect(answer.causes.map((cause) => cause.title)).toContain('POST /apis/apps/v1/namespaces/default/deployments');
      expect(answer.counterpart?.title).toBe('StartContainerResponse');
    });

    test('what was said about a Pod is told in the order in which it was said', () => {
      const [pod] = page.pods();
      const answer = page.ask({ type: 'object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: pod!.name });
      if (answer.type !== 'object') throw new Error(answer.type);
      expect(answer.events.map((event) => (event as { reason: string }).reason)).toEqual(['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']);
    });

    test('back and ahead again, the same picture', () => {
      const then = page.sorted();
      const endUs = page.nowUs;
      page.seek(startUs);
      expect(page.pods()).toEqual([]);
      page.seek(endUs);
      expect(page.sorted()).toEqual(then);
    });

    test('its recording opened elsewhere is the same world', () => {
      const recording = page.export();
      const other = new Page(recording, page.nowUs);
      expect(other.export().check).toEqual(recording.check);
    });

    test('another future from the middle drops the first one', () => {
      const branch = page.last!.branch;
      const first = page.do({ type: 'scale-object', kind: 'Deployment', namespace: 'default', name: 'web', replicas: 5 });
      expect(first).not.toHaveProperty('otherFuture');
      const said = page.do({ type: 'delete-object', apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }, startUs + 2 * second);
      expect(page.last!.branch).toBe(branch + 2);
      expect(said).toMatchObject({ type: 'dispatched', otherFuture: { commands: [{ command: { type: 'apply-manifest' } }, { command: { type: 'scale-object' } }] } });
      page.know(90 * second);
      expect(page.pods()).toEqual([]);
      expect(page.marks.map((mark) => mark.text)).not.toContain('web 3/3');
    });
  });

  test('a replayed power cut is told at its moment', () => {
    const page = new Page();
    const cutUs = page.nowUs;
    page.do({ type: 'power-off-node', node: 'worker-3' });
    page.know(30 * second);
    const replay = new Page({ ...page.export(), commands: page.export().commands.map((logged) => ({ ...logged, atUs: cutUs + 5 * second })) });
    replay.know(30 * second);
    const told = replay.heard.flatMap((m) => (m.type === 'frame' ? m.rows : [])).find(({ row }) => row?.type === 'host' && row.name === 'worker-3' && !row.powered);
    expect(told?.atUs).toBe(cutUs + 5 * second);
  });

  describe('given bad input', () => {
    const page = new Page();
    test.each<[string, string, RegExp, number]>([
      ['broken YAML', 'kind: Pod\nmetadata: {name: x', /error parsing web\.yaml/, 2],
      ['control characters', 'kind: \u0001', /control characters/, 1],
    ])('%s: refused before anything happens', (_, text, words, line) => {
      const said = page.apply(text);
      expect(said).toMatchObject({ type: 'refused' });
      if (said.type !== 'refused') return;
      expect(said.problems[0]!.text).toMatch(words);
      expect(said.problems[0]!.line).toBe(line);
      expect(page.export().commands).toEqual([]);
    });

    test('what is refused begins no other future: time goes on in the one that is there', () => {
      const branch = page.last!.branch;
      expect(page.apply('kind: \u0001')).toMatchObject({ type: 'refused' });
      page.know(second);
      expect(page.last).toMatchObject({ whole: false, branch });
    });

    test.each<[string, string, RegExp, number]>([
      ['a misspelt field', web.replace('image:', 'imagee:'), /unknown field "spec\.template\.spec\.containers\[0\]\.imagee"/, 15],
      ['a wrong type', web.replace('replicas: 3', 'replicas: three'), /cannot unmarshal string into Go struct field/, 6],
      ['a selector that does not match', web.replace('labels: {app: web}', 'labels: {app: other}'), /`selector` does not match template `labels`/, 11],
      ['capitals in a name', web.replace('name: web', 'name: Web'), /a lowercase RFC 1123 subdomain/, 4],
      ['an unknown kind', web.replace('kind: Deployment', 'kind: Deploymint'), /no matches for kind "Deploymint"/, 1],
    ])('%s: the server\'s words at the line, and nothing stored', (_, text, words, line) => {
      const before = page.log.length;
      page.apply(text);
      page.know(2 * second);
      const result = page.log.slice(Math.min(before, page.log.length)).concat(page.log).findLast((entry) => entry.kind === 'result')!;
      expect(result.ok).toBe(false);
      expect(result.text).toMatch(words);
      expect(result.place?.line).toBe(line);
      expect([...page.rows.keys()].filter((key) => key.startsWith('object/Deployment'))).toEqual([]);
    });
  });

  test('what etcd stores and what runs on a node is still so while the program that holds it is stopped', () => {
    const page = new Page();
    page.apply(web);
    page.know(20 * second);
    const objects = () => [...page.rows.keys()].filter((key) => key.startsWith('object/')).sort();
    const [before, truth] = [objects(), page.rows.get('truth/worker-1')];
    page.do({ type: 'stop-component', address: 'control-plane-1/etcd' });
    page.do({ type: 'stop-component', address: 'worker-1/containerd' });
    expect(objects()).toEqual(before);
    expect(page.rows.get('truth/worker-1')).toEqual(truth);
  });
});
