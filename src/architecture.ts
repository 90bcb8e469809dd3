/**
 * Who may import whom, what is banned where, and how large things may grow: as data.
 * `architecture.test.ts` holds the tree to this page. A rule that is in the way is changed here, for everyone, never excepted at the spot.
 */

/** The folders directly under `src/`, and the page's entry file, in the order in which they build on each other. */
export const rooms = [
  'simulation', 'kubernetes', 'cluster', 'scenarios', 'session', 'scenes', 'lessons', 'store', 'ui', 'embed', 'server', 'app', 'main', 'tooling',
] as const;
export type Room = (typeof rooms)[number];

/** Something a room may import: a room, or one folder of it; with `typesOnly` just its types, which cost nothing at run time. */
export interface Permission { readonly from: string; readonly typesOnly?: true }

const all = (...from: readonly string[]): readonly Permission[] => from.map((path) => ({ from: path }));
const sessionDoor: readonly Permission[] = [{ from: 'session/port' }, { from: 'session/commands', typesOnly: true }];

/** What each room may import besides itself. Type imports count: a room that needs another's types can not be understood without it. */
export const mayImport: Readonly<Record<Room, readonly Permission[]>> = {
  simulation: [],
  kubernetes: all('simulation'),
  cluster: all('simulation', 'kubernetes'),
  scenarios: all('simulation', 'kubernetes', 'cluster'),
  session: all('simulation', 'kubernetes', 'cluster', 'scenarios'),
  // Recordings with words: the page holds them beside the rows it knows.
  scenes: sessionDoor,
  lessons: all('simulation', 'kubernetes', 'scenarios', 'session'),
  // From here on the world is on the other side of a port: importing it would load a second one into the page.
  store: [...all('kubernetes', 'scenes', 'lessons'), ...sessionDoor],
  ui: [...all('store', 'scenes', 'kubernetes'), ...sessionDoor],
  embed: [...all('store', 'scenes', 'kubernetes'), ...sessionDoor],
  server: all('simulation', 'kubernetes', 'cluster', 'scenarios', 'session'),
  app: all('simulation', 'kubernetes', 'cluster', 'scenarios', 'session', 'scenes', 'lessons', 'store', 'ui', 'embed'),
  main: all('app', 'ui'),
  tooling: all('simulation', 'kubernetes', 'cluster', 'scenarios', 'session', 'scenes', 'lessons', 'store', 'embed', 'server'),
};

/** Narrower than their room: these folders may import, besides themselves, only what is listed. */
export const narrower: Readonly<Record<string, { readonly may: readonly Permission[]; readonly because: string }>> = {
  'embed/host': { may: all('embed/protocol'), because: 'other people load this script: it must stay a few kilobytes' },
};

/** The one room whose folders are strangers to each other, and the files in it that everyone, or that alone, may know. */
export const strangers = { room: 'cluster', knownToAll: 'cluster/component.ts', knowsAll: ['cluster/registry.ts', 'cluster/registry.test.ts', 'cluster/with-manifests.ts'] } as const;

/** Tests may look at any room above their own in the order of `rooms`, never at one below; these rooms' files may be looked at by none. */
export const importedByNobody: readonly Room[] = ['main', 'tooling'];

/** The npm packages (or parts of them) that a room may import. `node:` stands for Node's own modules. */
export const mayUse: Readonly<Record<Room, readonly string[]>> = {
  simulation: [],
  kubernetes: ['yaml'],
  cluster: ['yaml'],
  scenarios: ['yaml'],
  session: ['yaml'],
  scenes: [],
  lessons: ['yaml'],
  store: ['zustand/vanilla', 'zustand/middleware', 'zustand/shallow'],
  ui: ['react', 'react-dom', '@xyflow/react', 'framer-motion', 'zustand', 'yaml', '@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'],
  embed: ['zustand/vanilla'],
  server: ['node:', 'yaml', 'ws'],
  app: ['react', 'react-dom', 'zustand', 'framer-motion', '@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'],
  main: ['react', 'react-dom', '@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'],
  tooling: ['node:', '*'],
};

/** Packages that some places may use whatever their room says: charts describe with XState, one folder runs it. */
export const mayAlsoUse: readonly { readonly files: RegExp; readonly uses: readonly string[]; readonly because: string }[] = [
  { files: /^simulation\/process\//, uses: ['xstate'], because: 'the one adapter that runs a machine' },
  { files: /^kubernetes\/client-go\//, uses: ['xstate'], because: 'fragments that many charts place as a region' },
  { files: /^(simulation|kubernetes|cluster|scenarios|session)\/(.+\/)?[a-z0-9-]+-machine\.ts$/, uses: ['xstate'], because: 'a chart' },
  { files: /^cluster\/component\.ts$/, uses: ['xstate'], because: 'the type of the chart that every component has' },
  { files: /^kubernetes\/cel\/library\.ts$/, uses: ['@marcbachmann/cel-js'], because: 'the one place that knows the implementation of the expression language' },
  { files: /^server\/conformance\//, uses: ['vitest'], because: 'what the tests of behaviours are made of' },
  { files: /\.test\.ts$/, uses: ['*', 'node:'], because: 'tests run in Node' },
  { files: /\.node\.ts$/, uses: ['node:'], because: 'the suffix says that the file needs Node; no other file of a pure room may import it' },
];

/** Rooms that compile without DOM and Node types and must run the same everywhere: see `tsconfig.pure.json`. */
export const pureRooms: readonly Room[] = ['simulation', 'kubernetes', 'cluster', 'scenarios', 'session'];

/** A name that must not be used, spelt as in code (`Date` standing alone, `.sessionId` of anything, `Math.random`), and what to use instead. */
export interface Ban { readonly name: string; readonly use: string }

const ban = (use: string, ...names: readonly string[]): readonly Ban[] => names.map((name) => ({ name, use }));

/** Banned in the pure rooms, tests and `.node.ts` files apart: each of these would make two runs of one world differ. */
export const bans: readonly Ban[] = [
  ...ban('virtual time (`SimTime`), handed in by the kernel', 'Date', 'performance'),
  ...ban('a named random stream', 'Math.random', 'crypto'),
  ...ban('a `set-timer` effect', 'setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame'),
  ...ban('an effect: what happens later is an event on the agenda', 'queueMicrotask', 'Promise', 'async', 'await'),
  ...ban('a `note` effect, or a thrown error', 'console'),
  ...ban('`<` and `>` on the strings: locales differ from machine to machine', '.localeCompare'),
  ...ban('plain functions: locales differ from machine to machine', 'Intl', '.toLocaleString', '.toLocaleLowerCase', '.toLocaleUpperCase'),
  ...ban("the process's address: XState numbers its ids per page", '.sessionId'),
  ...ban('ordinary references: collection happens at no known time', 'WeakRef', 'FinalizationRegistry'),
];

/** Banned in every room, because the page's content security policy refuses them. */
export const bannedEverywhere: readonly Ban[] = ban('ordinary code: the page is served without permission to evaluate strings', 'eval', 'Function');

/** Words that name no idea, in any part of a file or folder name. */
export const bannedWords: readonly string[] = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'base', 'manager'];

/** Upstream's own names, in which such a word is right. */
export const upstreamNames: readonly string[] = ['kube-controller-manager', 'cloud-controller-manager'];

/** The largest a file may be, in lines; functions are measured by the linter (`tooling/oxlint.json`). */
export const maxFileLines = 500;

/** Files that a program writes, which may therefore be of any size; each must say in its first lines who generated it. */
export const generatedFiles: readonly string[] = ['server/protobuf/messages.gen.ts'];
