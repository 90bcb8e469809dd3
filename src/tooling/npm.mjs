import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's top folder, whatever folder the command was started in. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a program to its end without giving it our standard input; resolves to its exit code, or 124 when it took too long. */
export function run(command, args, { limitSeconds = 1800, env = {}, shell = false } = {}) {
  return new Promise((done) => {
    // A group of its own, so that stopping it stops all that it started: npm does not tell its shell's children.
    const ownGroup = process.platform !== 'win32';
    const child = spawn(command, args, { cwd: projectRoot, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'], shell, detached: ownGroup });
    const stop = () => {
      try {
        if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        else child.kill();
      } catch {
        // It has ended by itself in the meantime.
      }
    };
    const interrupted = () => {
      stop();
      process.exit(130);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, interrupted);
    const finish = (code) => {
      clearTimeout(limit);
      for (const signal of signals) process.off(signal, interrupted);
      done(code);
    };
    const limit = setTimeout(() => {
      console.error(`Stopped after ${limitSeconds} s: ${command} ${args.join(' ')}`);
      stop();
      finish(124);
    }, limitSeconds * 1000);
    child.on('error', (error) => {
      console.error(`Could not run ${command}: ${error.message}`);
      finish(127);
    });
    child.on('exit', (code) => finish(code ?? 1));
  });
}

/** Runs npm: the very one that started us where there is one, so that `npm test` and its children never mix two versions. */
export function npm(args, options = {}) {
  const starter = process.env['npm_execpath'];
  if (starter !== undefined && basename(starter).startsWith('npm') && /\.[cm]?js$/.test(starter) && existsSync(starter)) {
    return run(process.execPath, [starter, ...args], options);
  }
  // npm is a .cmd file on Windows, which only a shell can start.
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Runs one of package.json's scripts with further arguments. */
export const npmScript = (name, args = [], options = {}) => npm(['run', '--silent', name, ...(args.length > 0 ? ['--', ...args] : [])], options);

/** True when node_modules is as new as the lock file. npm writes its hidden copy of the lock last, so an interrupted install counts as none. */
export function isInstalled(root = projectRoot) {
  const installed = statSync(join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  return installed !== undefined && installed.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** Installs exactly what the lock file names, unless it is there already; resolves to an exit code. */
export async function install() {
  if (isInstalled()) return 0;
  console.log('Installing the dependencies (once)…');
  // Everything is needed to build, also where NODE_ENV=production would leave the development half out.
  return npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
}
