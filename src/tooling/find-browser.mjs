import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectRoot, run } from './npm.mjs';

/** What to do where none was found. */
export const noBrowser = 'No browser to test with: install Chromium, Chrome or Edge, or name one in PLAYWRIGHT_CHROMIUM.';

/** Where Chromium, Chrome and Edge are usually installed, in the order we try them. */
export function usualPlaces(platform = process.platform, env = process.env) {
  if (platform === 'darwin') {
    const programs = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map((name) => `Applications/${name}.app/Contents/MacOS/${name}`);
    return ['/', `${env['HOME'] ?? ''}/`].flatMap((folder) => programs.map((program) => folder + program));
  }
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(Boolean);
    const programs = ['Chromium/Application/chrome.exe', 'Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    return folders.flatMap((folder) => programs.map((program) => join(folder, program)));
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge'];
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
  return [...new Set(names.flatMap((name) => folders.map((folder) => join(folder, name))))];
}

/** True for a browser that answers. Ubuntu installs a `chromium-browser` that only says where to get one; on Windows asking would open a window. */
function answers(path) {
  if (!existsSync(path)) return false;
  return process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 20_000, stdio: 'ignore' }).status === 0;
}

/** The browser Playwright downloaded itself, if it has. */
async function playwrightsOwn() {
  try {
    const { chromium } = await import('@playwright/test');
    return existsSync(chromium.executablePath());
  } catch {
    return false;
  }
}

/**
 * Looks for a Chromium without changing anything: the one named in PLAYWRIGHT_CHROMIUM, then Playwright's own, then an installed one.
 * `executablePath` is left out where Playwright finds its own by itself.
 */
export async function findBrowser() {
  const named = process.env['PLAYWRIGHT_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return { executablePath: named, from: 'PLAYWRIGHT_CHROMIUM' };
    console.warn(`PLAYWRIGHT_CHROMIUM names ${named}, which does not exist; looking elsewhere.`);
  }
  if (await playwrightsOwn()) return { from: "Playwright's own" };
  const executablePath = usualPlaces().find(answers);
  return executablePath === undefined ? undefined : { executablePath, from: 'installed' };
}

const canUseApt = () => process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

/** Finds a browser, or gets one: by Playwright's download, else by apt where we are root on Debian. Undefined when all of that failed. */
export async function obtainBrowser() {
  const found = await findBrowser();
  if (found !== undefined) return found;
  console.log('No Chromium, Chrome or Edge is installed; asking Playwright to download one…');
  await run(process.execPath, [join(projectRoot, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium'], { limitSeconds: 240 });
  const downloaded = await findBrowser();
  if (downloaded !== undefined || !canUseApt()) return downloaded;
  console.log('That failed; asking apt for one…');
  const quiet = { limitSeconds: 300, env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-qq'], quiet);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
  return findBrowser();
}

/** How Chromium is started: without its own traffic, which a closed network would let hang, and without the sandbox that root cannot have. */
export function browserArguments() {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'];
  return process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
}
