/** The files of one container for the time of one step: its image below, its mounts and what was written above. Links, owners and permissions are not modelled. */
import { PMap } from '../../../simulation/collections/index.ts';
import type { Mount } from '../../../kubernetes/protocols/streaming.ts';

export interface FileNode {
  readonly directory: boolean;
  /** Bytes, one character each. */
  readonly data: string;
  readonly mode: number;
  readonly atUs: number;
}
/** What was written, by absolute path (in a volume: by the path below its mount); null where it was removed. */
export type Tree = PMap<string, FileNode | null>;
export type Volumes = PMap<string, Tree>;

export interface FilesInput {
  readonly image: { readonly files: { readonly [path: string]: string }; readonly directories: readonly string[]; readonly programs: readonly string[] };
  readonly mounts: readonly Mount[];
  readonly written: Tree;
  readonly volumes: Volumes;
  readonly startedAtUs: number;
  readonly nowUs: number;
}

export class Files {
  written: Tree;
  volumes: Volumes;
  private readonly nodes = new Map<string, FileNode>();
  private readonly mounts: readonly Mount[];
  private readonly nowUs: number;

  constructor({ image, mounts, written, volumes, startedAtUs, nowUs }: FilesInput) {
    [this.written, this.volumes, this.nowUs] = [written, volumes, nowUs];
    this.mounts = [...mounts].sort((a, b) => b.path.length - a.path.length);
    const put = (path: string, data: string, mode = 0o644): void => this.add(path, { directory: false, data, mode, atUs: startedAtUs });
    for (const directory of image.directories) this.addDirectory(directory, startedAtUs);
    for (const path of image.programs) put(path, '', 0o755);
    for (const [path, data] of Object.entries(image.files)) put(path, data);
    this.overlay(written, '');
    for (const { path, files, volume } of mounts) {
      if (files === undefined || files[''] === undefined) {
        for (const known of this.nodes.keys()) if (known.startsWith(`${path}/`)) this.nodes.delete(known);
        this.addDirectory(path, startedAtUs);
      }
      for (const [below, data] of Object.entries(files ?? {})) put(below === '' ? path : `${path}/${below}`, data);
      if (volume !== undefined) this.overlay(volumes.get(volume) ?? PMap(), path);
    }
  }

  private overlay(tree: Tree, under: string): void {
    for (const [path, node] of tree) {
      if (node === null) this.forget(under + path);
      else this.add(under + path, node);
    }
  }

  private add(path: string, node: FileNode): void {
    this.addDirectory(parentOf(path), node.atUs);
    this.nodes.set(path, node);
  }

  private addDirectory(path: string, atUs: number): void {
    if (this.nodes.has(path)) return;
    if (path !== '/') this.addDirectory(parentOf(path), atUs);
    this.nodes.set(path, { directory: true, data: '', mode: 0o755, atUs });
  }

  private forget(path: string): void {
    for (const known of this.nodes.keys()) if (known === path || known.startsWith(`${path}/`)) this.nodes.delete(known);
  }

  get(path: string): FileNode | undefined { return this.nodes.get(path); }

  /** The names in a directory, in the order of `ls`. */
  list(path: string): readonly string[] {
    const under = path === '/' ? '/' : `${path}/`;
    const names = [...this.nodes.keys()].filter((known) => known.startsWith(under) && known !== '/' && !known.slice(under.length).includes('/'));
    return names.map((known) => known.slice(under.length)).sort();
  }

  /** Everything at and under a path, parents first. */
  under(path: string): readonly (readonly [string, FileNode])[] {
    return [...this.nodes].filter(([known]) => known === path || known.startsWith(path === '/' ? '/' : `${path}/`)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Writes a file or makes a directory; what stands in the way, in the words of strerror. */
  put(path: string, data: string, { directory = false, mode }: { readonly directory?: boolean; readonly mode?: number } = {}): string | undefined {
    const parent = this.nodes.get(parentOf(path));
    if (parent === undefined) return 'No such file or directory';
    if (!parent.directory) return 'Not a directory';
    if (!directory && this.nodes.get(path)?.directory === true) return 'Is a directory';
    const node: FileNode = { directory, data, mode: mode ?? (directory ? 0o755 : 0o644), atUs: this.nowUs };
    const refused = this.keep(path, node);
    if (refused === undefined) this.nodes.set(path, node);
    return refused;
  }

  remove(path: string): string | undefined {
    if (this.mounts.some((mount) => mount.path === path)) return 'Resource busy';
    const refused = this.keep(path, null);
    if (refused === undefined) this.forget(path);
    return refused;
  }

  private keep(path: string, node: FileNode | null): string | undefined {
    const mount = this.mounts.find((each) => path === each.path || path.startsWith(`${each.path}/`));
    if (mount?.readOnly === true) return 'Read-only file system';
    if (mount?.volume !== undefined) this.volumes = this.volumes.set(mount.volume, (this.volumes.get(mount.volume) ?? PMap()).set(path.slice(mount.path.length), node));
    else this.written = this.written.set(path, node);
    return undefined;
  }
}

/** The address that /etc/hosts has for a name. */
export function addressInHosts(files: Files, name: string): string | undefined {
  for (const line of (files.get('/etc/hosts')?.data ?? '').split('\n')) {
    const [address, ...names] = line.split(/\s+/);
    if (names.includes(name)) return address;
  }
  return undefined;
}

export const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

/** A path as it is meant from a directory: absolute, without `.` and `..`. */
export function resolvePath(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
