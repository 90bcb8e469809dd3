import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usualPlaces } from './find-browser.mjs';
import { firstLoad } from './first-load.mjs';
import { nodeVersionComplaint } from './node-version.mjs';
import { serve } from './serve.mjs';
import { closingLine, countOf, countPlaywright, countVitest, failuresOfPlaywright, failuresOfVitest, total } from './test-counts.mjs';

describe('the Node version', () => {
  test.each(['20.19.0', '20.20.2', '22.12.0', '23.1.0', '24.0.0'])('%s will do', (version) => expect(nodeVersionComplaint(version)).toBeUndefined());
  test.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0'])('%s will not, and is told so', (version) => expect(nodeVersionComplaint(version)).toContain(version));
});

describe('the static server', () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof serve>>;
  const text = 'const a = 1;\n'.repeat(100);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-serve-'));
    mkdirSync(join(folder, 'dist/assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'dist/index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'dist/.hidden'), 'hidden');
    writeFileSync(join(folder, 'dist/assets/index-AbCd1234.js'), text);
    writeFileSync(join(folder, 'dist/favicon.svg'), '<svg/>');
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'dist/link.txt'));
    server = await serve(join(folder, 'dist'), { port: 0 });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((done, fail) => {
      // `http.get` sends the path as it is, where `fetch` would tidy `..` away before the server could see it.
      get({ host: '127.0.0.1', port: server.port, path, headers, method }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }));
      }).on('error', fail);
    });

  test('gives the page, unkept, under a policy without eval', async () => {
    const { status, headers, body } = await ask('/');
    expect([status, headers['content-type'], headers['cache-control'], String(body)]).toEqual([200, 'text/html; charset=utf-8', 'no-cache', '<!doctype html>']);
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).not.toContain('eval');
  });

  test('lets a file with a hash in its name be kept for ever', async () => {
    const { headers } = await ask('/assets/index-AbCd1234.js');
    expect([headers['content-type'], headers['cache-control']]).toEqual(['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable']);
  });

  test.each([['br, gzip', 'br', brotliDecompressSync], ['gzip', 'gzip', gunzipSync], ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync]] as const)('compresses for %s', async (accepts, encoding, open) => {
    const { headers, body } = await ask('/assets/index-AbCd1234.js', { 'accept-encoding': accepts });
    expect(headers['content-encoding']).toBe(encoding);
    expect(body.length).toBeLessThan(text.length / 4);
    expect(String(open(body))).toBe(text);
  });

  test('sends nothing again that has not changed', async () => {
    const { headers } = await ask('/favicon.svg');
    expect((await ask('/favicon.svg', { 'if-none-match': headers.etag ?? '' })).status).toBe(304);
    expect((await ask('/favicon.svg', { 'if-none-match': 'W/"other"' })).status).toBe(200);
  });

  test.each([
    ['/../secret.txt', 404], ['/%2e%2e/secret.txt', 404], ['/assets/../../secret.txt', 404], ['/..%2fsecret.txt', 404], ['/..%5csecret.txt', 400], ['//etc/passwd', 404],
    ['/.hidden', 404], ['/link.txt', 404], ['/missing.js', 404], ['/assets/', 404], ['/%', 400], ['/%00', 400],
  ])('refuses %s', async (path, status) => {
    const answer = await ask(path);
    expect([answer.status, String(answer.body)]).toEqual([status, `${status}\n`]);
  });

  test('sends the asker of a folder to the folder, never to another host', async () => {
    expect((await ask('/assets?a=1')).headers.location).toBe('/assets/?a=1');
    expect((await ask('//assets')).headers.location).toBe('/assets/');
  });

  test('only reads', async () => {
    expect((await ask('/', {}, 'POST')).status).toBe(405);
    const head = await ask('/', {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '15', 0]);
  });

  test('takes the next free port where the wanted one is taken', async () => {
    const second = await serve(join(folder, 'dist'), { port: server.port });
    await second.close();
    expect(second.port).toBeGreaterThan(server.port);
  });
});

describe('the counts of a test run', () => {
  const unit = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [{ name: 'a.test.ts', status: 'passed', message: '', assertionResults: [{ status: 'passed', fullName: 'a holds' }] }] };
  const unloadable = { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
  const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 };
  const suites = [{ suites: [{ specs: [{ file: 'a.spec.ts', title: 'a', ok: true, tests: [{ status: 'expected' }] }] }] }];

  test('are taken from the reports', () => {
    expect(countVitest(unit, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
    expect(countPlaywright({ stats, suites }, 0)).toEqual({ passed: 3, failed: 0, skipped: 0 });
  });

  test('count a missing report, a file that does not load, a bad exit and a flaky test as failures', () => {
    expect(countVitest(undefined, 0).failed).toBe(1);
    expect(countVitest({ ...unit, testResults: [unloadable] }, 1).failed).toBe(1);
    expect(countVitest(unit, 1).failed).toBe(1);
    expect(countPlaywright(undefined, 0).failed).toBe(1);
    expect(countPlaywright({ stats, suites }, 1).failed).toBe(1);
    expect(countPlaywright({ stats: { ...stats, flaky: 1 }, suites }, 0).failed).toBe(1);
  });

  test('name what failed, also a file that does not load', () => {
    const failed = { ...unit.testResults[0]!, status: 'failed', assertionResults: [{ status: 'passed', fullName: 'a holds' }, { status: 'failed', fullName: 'a breaks' }] };
    expect(failuresOfVitest(unit)).toEqual([]);
    expect(failuresOfVitest({ ...unit, testResults: [failed, unloadable] })).toEqual(['a.test.ts: a breaks', 'b.test.ts: no such module']);
    expect(failuresOfPlaywright({ stats, suites })).toEqual([]);
    const wrong = (title: string, ok: boolean, status: string) => ({ file: 'b.spec.ts', title, ok, tests: [{ status }] });
    expect(failuresOfPlaywright({ stats, suites: [...suites, { specs: [wrong('breaks', false, 'unexpected'), wrong('wavers', true, 'flaky')] }] })).toEqual(['b.spec.ts: breaks', 'b.spec.ts: wavers']);
  });

  test('end in one line', () => {
    expect(closingLine(total([countOf(true), countOf(false), countVitest(unit, 0)]))).toBe('6 passed, 1 failed, 2 skipped');
    expect(closingLine(total([countOf(true)]))).toBe('1 passed, 0 failed');
  });
});

test('a browser is looked for in the usual places of each system', () => {
  expect(usualPlaces('linux', { PATH: '/home/me/bin' })).toEqual(expect.arrayContaining(['/home/me/bin/chromium', '/usr/bin/google-chrome', '/snap/bin/chromium']));
  expect(usualPlaces('darwin', { HOME: '/Users/me' })).toEqual(expect.arrayContaining(['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Users/me/Applications/Chromium.app/Contents/MacOS/Chromium']));
  expect(usualPlaces('win32', { PROGRAMFILES: 'C:/Program Files' })).toContain(join('C:/Program Files', 'Microsoft/Edge/Application/msedge.exe'));
});

test('the first load is the entry, what it imports at once, and its workers', () => {
  const dist = mkdtempSync(join(tmpdir(), 'orrery-dist-'));
  mkdirSync(join(dist, 'assets'));
  writeFileSync(join(dist, 'index.html'), '<script type="module" crossorigin src="./assets/index-1.js"></script>');
  writeFileSync(join(dist, 'assets/index-1.js'), 'import{a as e,b as t}from"./shared-2.js";import"./side-3.js";new Worker(new URL("worker-4.js",import.meta.url),{type:"module"});const x=()=>import("./editor-5.js");');
  for (const name of ['shared-2', 'side-3', 'worker-4', 'editor-5']) writeFileSync(join(dist, `assets/${name}.js`), 'export{};');
  const { chunks, later, total: bytes } = firstLoad(dist);
  rmSync(dist, { recursive: true });
  expect(chunks.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['page index-1.js', 'page shared-2.js', 'page side-3.js', 'worker worker-4.js']);
  expect(later.map(({ name }) => name)).toEqual(['editor-5.js']);
  expect(bytes).toBe(chunks.reduce((sum, { gzip }) => sum + gzip, 0));
});
