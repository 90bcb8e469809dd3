import { describe, expect, test } from 'vitest';
import { generatedFiles, mayImport, narrower, rooms } from './architecture.ts';
import {
  banProblems, cycleProblems, importProblems, nameProblems, packageProblems, readmeProblems, sizeProblems,
} from './tooling/architecture-rules.ts';
import { listTree, readSource, readSources, sourceFolder } from './tooling/source-tree.ts';

const paths = listTree(sourceFolder);
const files = readSources(paths);

describe('the tree', () => {
  test('has source files to look at', () => expect(files.length).toBeGreaterThan(10));
  test('imports only downwards, and no component imports another', () => expect(importProblems(files)).toEqual([]));
  test('uses only the packages each room may', () => expect(packageProblems(files)).toEqual([]));
  test('uses nothing that would make two runs differ, or that the page may not run', () => expect(banProblems(files)).toEqual([]));
  test('has no files that import each other in a circle', () => expect(cycleProblems(files)).toEqual([]));
  test('has no file that has grown too long', () => expect(sizeProblems(files)).toEqual([]));
  test('has only names in kebab-case that say what is inside', () => expect(nameProblems(paths)).toEqual([]));
  test('introduces each room and each component with a README', () => expect(readmeProblems(paths)).toEqual([]));
  test('has the generated files that are listed as such', () => expect(generatedFiles.filter((path) => !paths.includes(path))).toEqual([]));
});

test('the table itself points only upwards in the order of rooms', () => {
  const folders = [...rooms.flatMap((room) => mayImport[room].map(({ from }) => ({ room, from }))),
    ...Object.entries(narrower).flatMap(([folder, { may }]) => may.map(({ from }) => ({ room: folder.split('/')[0], from })))];
  const wrong = folders.filter(({ room, from }) => rooms.findIndex((name) => name === from.split('/')[0]) > rooms.findIndex((name) => name === room));
  expect(wrong).toEqual([]);
});

/** What the rules say of one made-up file. */
const source = (path: string, text: string) => [readSource(path, text)];

describe('an import is refused', () => {
  const refused: readonly (readonly [why: string, path: string, text: string])[] = [
    ['from below', 'simulation/clock/clock.ts', "import { pod } from '../../kubernetes/api/core-v1.ts';"],
    ['from below even for its types', 'simulation/clock/clock.ts', "import type { Pod } from '../../kubernetes/api/core-v1.ts';"],
    ['from below by an inline type', 'simulation/clock/clock.ts', "export type Pod = import('../../kubernetes/api/core-v1.ts').Pod;"],
    ['from below when it is passed on', 'kubernetes/names.ts', "export * from '../cluster/component.ts';"],
    ['from below when it is loaded late', 'session/index.ts', "export const later = import('../app/index.ts');"],
    ['from below as a worker', 'store/index.ts', "export const worker = new Worker(new URL('../app/worker/worker.ts', import.meta.url));"],
    ['from below by a pattern', 'session/index.ts', "export const all = import.meta.glob('../lessons/content/**/*.md');"],
    ['from another component', 'cluster/kubelet/kubelet.ts', "import { runc } from '../runc/runc.ts';"],
    ['from the registry by a component', 'cluster/kubelet/kubelet.ts', "import { registry } from '../registry.ts';"],
    ['from another component by a test', 'cluster/kubelet/kubelet.test.ts', "import { runc } from '../runc/runc.ts';"],
    ['from the kernel by the screen', 'ui/canvas/stage.tsx', "import type { SimTime } from '../../simulation/clock/sim-time.ts';"],
    ['from behind the session\'s door by the screen', 'ui/canvas/stage.tsx', "import type { World } from '../../session/world.ts';"],
    ['of a command that is more than a type', 'ui/canvas/stage.tsx', "import { drainNode } from '../../session/commands/drain-node.ts';"],
    ['from below by a test', 'kubernetes/names.test.ts', "import { registry } from '../cluster/registry.ts';"],
    ['of the tooling', 'app/index.ts', "import { serve } from '../tooling/serve.mjs';"],
    ['of the tooling by a test', 'app/index.test.ts', "import { serve } from '../tooling/serve.mjs';"],
    ['of anything but the protocol by the host script', 'embed/host/host.ts', "import { pod } from '../../kubernetes/names.ts';"],
    ['when its path is computed', 'app/index.ts', 'export const load = (name: string) => import(`./${name}.ts`);'],
    ['without an extension', 'app/index.ts', "import { a } from './a';"],
    ['from outside src', 'app/index.ts', "import config from '../../vite.config.ts';"],
    ['of a file that needs Node by a pure room', 'session/world.ts', "import { read } from '../simulation/testing/read-script.node.ts';"],
  ];
  test.each(refused)('%s', (_why, path, text) => expect(importProblems(source(path, text))).toHaveLength(1));
});

describe('an import is allowed', () => {
  const allowed: readonly (readonly [why: string, path: string, text: string])[] = [
    ['from above', 'cluster/kubelet/kubelet.ts', "import { pod } from '../../kubernetes/names.ts'; import type { Effect } from '../../simulation/process/effects.ts';"],
    ['of the shape of a component', 'cluster/kubelet/kubelet.ts', "import type { Component } from '../component.ts';"],
    ['within a component', 'cluster/kubelet/kubelet.ts', "import { probe } from './probes/probe.ts';"],
    ['of each component by the registry', 'cluster/registry.ts', "import { kubelet } from './kubelet/kubelet.ts';"],
    ['of the types of a command by the screen', 'ui/canvas/stage.tsx', "import type { DrainNode } from '../../session/commands/drain-node.ts';"],
    ['of the port by the screen', 'ui/canvas/stage.tsx', "import { open } from '../../session/port/port.ts';"],
    ['of the whole session by a test of the store', 'store/index.test.ts', "import { world } from '../session/world.ts';"],
    ['when it only stands in a comment or a string', 'simulation/clock/clock.ts', "// import '../../app/x.ts'\nexport const text = \"import '../../app/x.ts'\";"],
  ];
  test.each(allowed)('%s', (_why, path, text) => expect(importProblems(source(path, text))).toEqual([]));
});

describe('a package is refused', () => {
  test.each([
    ['XState beside a chart', 'cluster/kubelet/plan.ts', 'xstate'],
    ['React below the screen', 'store/index.ts', 'react'],
    ['React hidden in zustand below the screen', 'store/index.ts', 'zustand'],
    ['Node in the page', 'app/index.ts', 'node:fs'],
    ['Node in a pure room', 'session/world.ts', 'node:fs'],
    ['anything in the host script', 'embed/host/host.ts', 'react'],
  ])('%s', (_why, path, name) => expect(packageProblems(source(path, `import '${name}';`))).toHaveLength(1));
});

describe('a package is allowed', () => {
  test.each([
    ['XState in a chart', 'cluster/kubelet/pod-worker-machine.ts', 'xstate'],
    ['XState in the adapter', 'simulation/process/xstate-process.ts', 'xstate'],
    ['XState in a shared fragment', 'kubernetes/client-go/reflector.ts', 'xstate'],
    ['React on the screen', 'ui/canvas/stage.tsx', 'react-dom/client'],
    ['Node in a file that says so', 'simulation/testing/read-script.node.ts', 'node:fs'],
    ['anything in a test', 'cluster/kubelet/kubelet.test.ts', 'fast-check'],
  ])('%s', (_why, path, name) => expect(packageProblems(source(path, `import '${name}';`))).toEqual([]));
});

describe('a name is refused in a pure room', () => {
  test.each([
    'new Date()', 'Date.now()', 'performance.now()', 'Math.random()', "Math['random']()", 'crypto.randomUUID()', 'setTimeout(f, 1)', 'setInterval(f, 1)',
    'queueMicrotask(f)', 'new Promise(f)', 'async () => 1', "'a'.localeCompare('b')", 'new Intl.Collator()', 'actor.sessionId', 'console.log(1)',
    '(({ sessionId }) => sessionId)(actor)', 'globalThis.setTimeout(f, 1)', "eval('1')", "new Function('1')", '{ console }', 'f satisfies Promise<void>',
  ])('%s', (expression) => expect(banProblems(source('session/world.ts', `export const x = (${expression});`)).length).toBeGreaterThan(0));
});

describe('a name is allowed', () => {
  test.each([
    ['a key of our own', 'session/world.ts', 'export const x = { performance: 1, console: 2 }; export interface Y { Date: string }'],
    ['a word in a comment, a string or a template', 'session/world.ts', "// Date.now()\nexport const x = ['Date.now()', `Math.random()`, /setTimeout/];"],
    ['chance from a stream', 'session/world.ts', 'export const x = (stream) => stream.random();'],
    ['a global that is the same everywhere', 'session/world.ts', 'export const x = new globalThis.Map();'],
    ['a real clock in the app', 'app/clock.ts', 'export const now = () => performance.now() + Date.now();'],
    ['a promise in a test', 'session/world.test.ts', 'export const x = async () => Promise.resolve();'],
  ])('%s', (_why, path, text) => expect(banProblems(source(path, text))).toEqual([]));

  test('but nobody may evaluate strings', () => expect(banProblems(source('ui/shell/page.tsx', "eval('1');"))).toHaveLength(1));
});

test('files that import each other are found, types included', () => {
  const circle = [...source('ui/a.ts', "import './b.ts';"), ...source('ui/b.ts', "import type { C } from './c.ts';"), ...source('ui/c.ts', "export * from './a.ts';"), ...source('ui/d.ts', "import './a.ts';")];
  expect(cycleProblems(circle)).toEqual(['ui/a.ts → ui/b.ts → ui/c.ts → ui/a.ts: files import each other in a circle']);
  expect(cycleProblems(circle.filter(({ path }) => path !== 'ui/c.ts'))).toEqual([]);
});

test('a file may have 500 lines and not one more', () => {
  const lines = (count: number) => source('ui/a.ts', 'f();\n'.repeat(count));
  expect(sizeProblems(lines(500))).toEqual([]);
  expect(sizeProblems(lines(501))).toHaveLength(1);
});

test('names that are not kebab-case, or that say nothing, are found', () => {
  expect(nameProblems(['ui/PodCard.tsx', 'ui/pod_card.tsx', 'store/utils.ts', 'ui/common/', 'cluster/kubelet/pod-manager.ts', 'ui/string-helpers.test.ts'])).toHaveLength(6);
  expect(nameProblems(['ui/README.md', 'cluster/kube-controller-manager/', 'cluster/kube-controller-manager/kube-controller-manager-machine.ts', 'kubernetes/api/core-v1.ts', 'cluster/x/testdata/a-b.txt'])).toEqual([]);
});

test('rooms and components without a README, and folders that are no room, are found', () => {
  expect(readmeProblems(['ui/', 'ui/a.ts', 'cluster/', 'cluster/README.md', 'cluster/etcd/', 'cluster/etcd/etcd.ts', 'elsewhere/', 'elsewhere/a.ts'])).toEqual([
    'ui/ has no README.md', 'cluster/etcd/ has no README.md', 'elsewhere/ is no room: architecture.ts lists them',
  ]);
  expect(readmeProblems(['cluster/', 'cluster/README.md', 'cluster/etcd/', 'cluster/etcd/README.md', 'cluster/etcd/etcd.ts', 'store/'])).toEqual([]);
});

test('a file that can not be parsed is named', () => expect(() => readSource('ui/a.ts', 'const = 1')).toThrow('ui/a.ts'));
