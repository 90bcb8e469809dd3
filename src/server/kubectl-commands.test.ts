/**
 * What a real kubectl prints at the served cluster: `testdata/kubectl/commands.txt` holds each command and its answer, what differs from run to run taken out.
 * `UPDATE=1` writes the answers anew; read the difference like code.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';
import { normalised, readTable, writeTable, type Entry } from './testing/command-table.ts';

const folder = join(import.meta.dirname, 'testdata/kubectl');
const file = join(folder, 'commands.txt');
const table = readTable(readFileSync(file, 'utf8'));
/** What each command printed now, at its place in the table. */
const printedNow = new Map<Entry, string>();
/** kubectl's own words differ from one minor version to the next; the table holds those of one. */
const minor = /1\.32\./.test(spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).stdout ?? '');

describe.runIf(minor)('kubectl against the served cluster', () => {
  const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 20);
  const server = createHttpServer(live);
  const cwd = mkdtempSync(join(tmpdir(), 'kubectl-'));
  let port = 0;

  beforeAll(async () => {
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    ({ port } = server.address() as AddressInfo);
    cpSync(folder, cwd, { recursive: true });
    writeFileSync(join(cwd, 'config'), JSON.stringify({
      apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'orrery', cluster: { server: `http://127.0.0.1:${port}` } }], users: [{ name: 'admin', user: {} }],
      contexts: [{ name: 'orrery', context: { cluster: 'orrery', user: 'admin' } }], 'current-context': 'orrery',
    }));
    live.run();
  });
  afterAll(() => {
    live.stop();
    server.closeAllConnections();
    server.close();
    if (process.env['UPDATE'] !== undefined) writeFileSync(file, writeTable(table.map((entry) => ({ ...entry, printed: printedNow.get(entry) ?? entry.printed }))));
  });

  /** The command in a shell, in a folder of its own that holds the table's manifests. Both streams are one, as in a terminal: of two pipes nobody can tell what was printed first. */
  const run = async (command: string): Promise<string> => new Promise((resolve) => {
    const child = spawn('bash', ['-c', `exec 2>&1\n${command}`], { cwd, env: { ...process.env, KUBECONFIG: join(cwd, 'config'), KUBECACHEDIR: join(cwd, 'cache'), KUBE_EDITOR: './edit.sh', TZ: 'UTC', LANG: 'C', LC_ALL: 'C' } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.on('close', (code) => resolve(normalised(text.replaceAll(`:${port}`, ':<port>')) + (code === 0 ? '' : `[exit ${code}]\n`)));
  });

  // One after another: each command finds what those before it left.
  for (const entry of table.filter(({ command }) => command !== '')) {
    test(entry.command.split('\n')[0]!, async () => {
      const printed = await run(entry.command);
      printedNow.set(entry, printed);
      expect(printed).toBe(process.env['UPDATE'] === undefined ? entry.printed : printed);
    }, 300_000);
  }
});
