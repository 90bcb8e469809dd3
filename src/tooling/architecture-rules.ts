import { posix } from 'node:path';
import {
  bannedEverywhere, bannedWords, bans, generatedFiles, importedByNobody, maxFileLines, mayAlsoUse, mayImport, mayUse, narrower, pureRooms, rooms, strangers, upstreamNames,
} from '../architecture.ts';
import type { Ban, Permission, Room } from '../architecture.ts';
import type { Import, SourceFile } from './source-tree.ts';

/** Each rule takes what the tree holds and returns one sentence per violation. */
export type Violations = string[];

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const needsNode = (path: string): boolean => path.endsWith('.node.ts');
const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** The room a path lies in; files directly under `src` are the entry, or this page and its test, which belong to no room. */
export function roomOf(path: string): Room | undefined {
  if (path === 'main.tsx') return 'main';
  const [first, ...rest] = path.split('/');
  return rest.length > 0 ? rooms.find((room) => room === first) : undefined;
}

/** Where a relative import leads, relative to `src`; undefined for a package. */
export function targetOf(file: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined;
  const plain = from.split('?')[0] ?? from;
  // Of a glob only the part before the first star is a path.
  const fixed = plain.includes('*') ? plain.slice(0, plain.indexOf('*')).replace(/[^/]*$/, '') : plain;
  return posix.join(posix.dirname(file), fixed).replace(/\/$/, '');
}

const permits = (permissions: readonly Permission[], target: string, typesOnly: boolean): boolean =>
  permissions.some((permission) => isIn(target, permission.from) && (typesOnly || permission.typesOnly !== true));

/** Why this import across rooms is not allowed, or undefined. */
function roomProblem(file: string, room: Room, target: string, typesOnly: boolean): string | undefined {
  const targetRoom = roomOf(target);
  if (targetRoom === undefined) return target.startsWith('..') && !isTest(file) && room !== 'tooling' ? 'leaves src' : undefined;
  const narrow = Object.entries(narrower).find(([folder]) => isIn(file, folder) && !isIn(target, folder));
  if (narrow !== undefined && !isTest(file) && !permits(narrow[1].may, target, typesOnly)) return `${narrow[0]} may not: ${narrow[1].because}`;
  if (targetRoom === room) return undefined;
  if (importedByNobody.includes(targetRoom)) return `nothing imports ${targetRoom}`;
  if (isTest(file) && rooms.indexOf(targetRoom) < rooms.indexOf(room)) return undefined;
  if (permits(mayImport[room], target, typesOnly)) return undefined;
  return permits(mayImport[room], target, true) ? `${room} may import only types from there` : `${room} may not import ${targetRoom}`;
}

/** Why one component may not know another here, or undefined. */
function strangerProblem(file: string, target: string): string | undefined {
  const { room, knownToAll, knowsAll } = strangers;
  if (!isIn(file, room) || !isIn(target, room) || target === knownToAll || knowsAll.some((path) => path === file)) return undefined;
  const component = (path: string) => path.split('/').slice(0, 2).join('/');
  return component(file) === component(target) ? undefined : `components meet only through messages: ${component(file)} may not know ${component(target)}`;
}

/** The imports of our own files that point the wrong way. */
export function importProblems(files: readonly SourceFile[]): Violations {
  const problemOf = (file: string, { from, typesOnly, isAddress }: Import): string | undefined => {
    const room = roomOf(file);
    if (from === '(computed)') return isTest(file) || room === 'tooling' ? undefined : 'the path must be spelt out';
    const target = targetOf(file, from);
    if (target === undefined) return undefined;
    if (!isAddress && !/\.\w+$/.test(target)) return 'spell out the extension';
    if (room === undefined) return undefined;
    if (needsNode(target) && pureRooms.includes(room) && !isTest(file) && !needsNode(file)) return `${target} needs Node, so a pure room may not import it`;
    return roomProblem(file, room, target, typesOnly) ?? strangerProblem(file, target);
  };
  return files.flatMap(({ path, imports }) => imports.flatMap((entry) => {
    const problem = problemOf(path, entry);
    return problem === undefined ? [] : [`${path}:${entry.line} imports ${entry.from}: ${problem}`];
  }));
}

const covers = (allowed: readonly string[], from: string): boolean => allowed.some((name) => {
  if (name === 'node:') return from.startsWith('node:');
  return (name === '*' && !from.startsWith('node:')) || isIn(from, name);
});

/** The packages used where they may not be. */
export function packageProblems(files: readonly SourceFile[]): Violations {
  return files.flatMap(({ path, imports }) => {
    const room = roomOf(path);
    const allowed = [...(room === undefined ? [] : mayUse[room]), ...mayAlsoUse.filter(({ files: pattern }) => pattern.test(path)).flatMap(({ uses }) => uses)];
    if (room === undefined && !isTest(path)) return [];
    return imports
      .filter(({ from }) => !from.startsWith('.') && from !== '(computed)' && !covers(allowed, from))
      .map(({ from, line }) => `${path}:${line} uses the package ${from}, which ${room ?? 'this file'} may not`);
  });
}

const bansByName = (list: readonly Ban[]) => new Map(list.map((ban) => [ban.name, ban]));
const [pureBans, otherBans] = [bansByName([...bans, ...bannedEverywhere]), bansByName(bannedEverywhere)];

/** The banned names that are used, each with its replacement. */
export function banProblems(files: readonly SourceFile[]): Violations {
  return files.flatMap(({ path, uses }) => {
    const room = roomOf(path);
    const pure = room !== undefined && pureRooms.includes(room) && !isTest(path) && !needsNode(path);
    const here = pure ? pureBans : otherBans;
    return uses.flatMap((use) => {
      const ban = use.spellings.map((spelling) => here.get(spelling)).find((candidate) => candidate !== undefined);
      return ban === undefined ? [] : [`${path}:${use.line} uses ${ban.name}: use ${ban.use}`];
    });
  });
}

/** The circles of files that import each other, types included; each is named once. */
export function cycleProblems(files: readonly SourceFile[]): Violations {
  const known = new Set(files.map(({ path }) => path));
  const next = new Map(files.map(({ path, imports }) => [path, imports.map(({ from }) => targetOf(path, from)).filter((target) => target !== undefined && known.has(target)) as string[]]));
  const done = new Set<string>();
  const found: Violations = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push(`${[...trail.slice(at), path].join(' → ')}: files import each other in a circle`);
    if (at >= 0 || done.has(path)) return;
    for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

/** The files that have grown too long, and the generated ones that do not say so. */
export function sizeProblems(files: readonly SourceFile[]): Violations {
  return files.flatMap(({ path, lines, head }) => {
    if (generatedFiles.includes(path)) return /generated by/i.test(head) ? [] : [`${path} is listed as generated but does not say by what`];
    return lines > maxFileLines ? [`${path} has ${lines} lines: split it (${maxFileLines} is the limit, 300 is wanted)`] : [];
  });
}

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** The files and folders whose names are not kebab-case or say nothing. */
export function nameProblems(paths: readonly string[]): Violations {
  return paths.flatMap((path) => {
    const name = posix.basename(path);
    if (name === 'README.md') return [];
    if (!kebabCase.test(name)) return [`${path}: names are kebab-case`];
    const ours = upstreamNames.reduce((rest, upstream) => rest.replace(upstream, ''), name);
    const word = ours.split(/[-.]/).find((part) => bannedWords.includes(part));
    return word === undefined ? [] : [`${path}: "${word}" names no idea; what is in it?`];
  });
}

/** The rooms and component folders that do not introduce themselves, and folders that are no room at all. */
export function readmeProblems(paths: readonly string[]): Violations {
  const known = new Set(paths);
  const holdsCode = (folder: string) => paths.some((path) => path.startsWith(folder) && !path.endsWith('/'));
  return paths.filter((path) => path.endsWith('/') && holdsCode(path)).flatMap((folder) => {
    const parts = folder.split('/').length - 1;
    if (parts === 1 && !rooms.some((room) => `${room}/` === folder)) return [`${folder} is no room: architecture.ts lists them`];
    const wanted = parts === 1 || (parts === 2 && folder.startsWith(`${strangers.room}/`));
    return wanted && !known.has(`${folder}README.md`) ? [`${folder} has no README.md`] : [];
  });
}
