import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { npmScript, projectRoot } from './npm.mjs';

const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json'];
const neverBuiltIn = (name) => /\.test\.tsx?$/.test(name) || name === 'README.md' || name === 'tooling' || name === 'testdata';

/** The newest change under a path. Folders count too: deleting a file changes nothing but its folder. */
function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path)
    .filter((name) => !neverBuiltIn(name))
    .reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), stat.mtimeMs);
}

/** True when `dist` was built from the sources as they are now. */
export function isBuilt(root = projectRoot) {
  const page = join(root, 'dist/index.html');
  if (!existsSync(page)) return false;
  const builtMs = statSync(page).mtimeMs;
  return sources.every((source) => newestChange(join(root, source)) <= builtMs);
}

/** Builds the page into `dist`; resolves to an exit code. */
export async function build() {
  const started = new Date();
  const code = await npmScript('build');
  // A source saved while the build ran may or may not be in it: dating the result to its start makes the next look rebuild.
  if (code === 0) utimesSync(join(projectRoot, 'dist/index.html'), started, started);
  return code;
}
