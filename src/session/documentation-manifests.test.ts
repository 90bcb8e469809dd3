import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notActedOn } from '../kubernetes/schema/index.ts';
import { readManifests } from '../cluster/with-manifests.ts';
import type { FromSession } from './port/protocol.ts';
import type { PodRow, Row, WorkloadRow } from './port/rows.ts';
import { createSession } from './session.ts';

/**
 * The example manifests of the Kubernetes documentation, each applied to a fresh default cluster: what kubectl printed, and where the
 * Pods are five virtual minutes later. The expected table is beside this file (UPDATE=1 rewrites it); the manifests are not ours and
 * are looked for in a folder beside the project.
 */
const folder = join(import.meta.dirname, '../../../shared/manifests/k8s-docs');
const table = join(import.meta.dirname, 'testdata/documentation-manifests.txt');

const filesIn = (path: string): string[] => (statSync(path).isDirectory() ? readdirSync(path).sort().flatMap((name) => filesIn(join(path, name))) : /\.ya?ml$/.test(path) ? [path] : []);

/** What comes of a manifest: kubectl's lines, and in what state workloads and Pods end. */
function outcome(text: string, fileName: string): readonly string[] {
  const rows = new Map<string, Row>();
  const lines: string[] = [];
  const session = createSession({
    readManifests: (source, name) => readManifests(source, { fileName: name }),
    emit(message: FromSession) {
      if (message.type === 'failed') throw new Error(message.message);
      if (message.type === 'refused') lines.push(...message.problems.map((problem) => problem.text));
      if (message.type !== 'frame') return;
      if (message.whole) rows.clear();
      for (const { key, row } of message.rows) if (row === null) rows.delete(key); else rows.set(key, row);
      lines.push(...message.log.filter((line) => line.kind === 'result' && !lines.includes(line.text)).map((line) => line.text));
    },
  });
  session.receive({ type: 'open', recording: { version: 1, seed: 1, topology: 'three-nodes', commands: [] } });
  const before = new Set(rows.keys());
  session.receive({ type: 'dispatch', id: 1, atUs: startUs, command: { type: 'apply-manifest', text, fileName } });
  session.receive({ type: 'know', throughUs: startUs + 300_000_000, untilNews: false, limitUs: startUs + 300_000_000 });
  const news = [...rows].filter(([key]) => !before.has(key)).map(([, row]) => row);
  const workloads = news.filter((row): row is WorkloadRow => row.type === 'workload' && row.kind === 'Deployment').map((row) => `${row.kind} ${row.name}: ${row.available}/${row.desired} available`);
  const pods = new Map<string, number>();
  for (const pod of news.filter((row): row is PodRow => row.type === 'pod')) {
    const state = `${pod.ownerName === '' ? `Pod ${pod.name}` : 'Pods'}: ${pod.status}${pod.ready ? ', ready' : ''}${pod.status === 'Pending' ? ` (${pod.message})` : ''}`;
    pods.set(state, (pods.get(state) ?? 0) + 1);
  }
  const waiting = readManifests(text).documents.flatMap(({ value }) => notActedOn(value).map(({ path }) => path));
  return [...lines, ...(waiting.length === 0 ? [] : [`kept, not yet acted on: ${waiting.join(', ')}`]), ...workloads, ...[...pods].map(([state, count]) => (count === 1 ? state : `${count} × ${state}`)).sort()];
}

let startUs = 0;

describe.skipIf(!existsSync(folder))('the documentation\'s manifests (skipped where they are not beside the project)', () => {
  test('each comes to what a real cluster makes of it', () => {
    const probe = createSession({ readManifests: (text) => readManifests(text), emit: (message) => { if (message.type === 'frame') startUs = message.toUs; } });
    probe.receive({ type: 'open', recording: { version: 1, seed: 1, topology: 'three-nodes', commands: [] } });
    const blocks = filesIn(folder).map((file) => {
      const name = relative(folder, file);
      return `${name}\n${outcome(readFileSync(file, 'utf8'), name.split('/').at(-1)!).flatMap((line) => line.split('\n')).map((line) => `  ${line}`).join('\n')}\n`;
    });
    const actual = blocks.join('\n');
    if (process.env['UPDATE'] === '1') writeFileSync(table, actual);
    expect(actual).toBe(readFileSync(table, 'utf8'));
  });
});
