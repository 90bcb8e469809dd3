/** A real kubectl at the served world, where there is one on this machine. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from './client.ts';

export const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

export interface Kubectl { readonly folder: string; start(...args: readonly string[]): ChildProcess; (input: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> }

/** `kubectl` in the test's own namespace; what it prints, and whether it succeeded. */
export function kubectlFor(at: Client): Kubectl {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const config = join(folder, 'config');
  writeFileSync(config, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'o', cluster: { server: at.url } }], contexts: [{ name: 'o', context: { cluster: 'o', user: 'u', namespace: at.namespace } }], 'current-context': 'o', users: [{ name: 'u', user: {} }] }));
  const start = (...args: readonly string[]): ChildProcess => spawn('kubectl', ['--kubeconfig', config, '--cache-dir', join(folder, 'cache'), ...args]);
  const run = (input: string, ...args: readonly string[]) => new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = start(...args);
    let text = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.on('close', (code) => resolve({ code, text }));
    child.stdin!.end(input);
  });
  return Object.assign(run, { folder, start });
}
