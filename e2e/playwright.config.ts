import { defineConfig, devices } from '@playwright/test';
import { browserArguments, findBrowser, noBrowser } from '../src/tooling/find-browser.mjs';

const browser = await findBrowser();
if (browser === undefined) throw new Error(noBrowser);
// The workers read this file again: they need not search again, nor may they find another.
if (browser.executablePath !== undefined) process.env['PLAYWRIGHT_CHROMIUM'] = browser.executablePath;

/** Drives the built page as `npm start` serves it, on a free port, so that headers and compression are tested too. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  reporter: [['list'], ['json', { outputFile: '../.cache/e2e.json' }]],
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Limits are against hanging, not for speed: a busy machine takes its time.
  timeout: 600_000,
  expect: { timeout: 120_000, toHaveScreenshot: { pathTemplate: '{testDir}/baselines/{arg}{ext}' } },
  webServer: {
    command: 'node src/tooling/start.mjs',
    cwd: '..',
    env: { PORT: '0' },
    // The named part lands in the environment, where `baseURL` below reads it.
    wait: { stdout: /Orrery is at http:\/\/localhost:(?<orrery_port>\d+)\// },
    timeout: 600_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
  use: {
    baseURL: `http://localhost:${process.env['ORRERY_PORT'] ?? '4173'}/`,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [{
    name: 'chromium',
    use: {
      ...devices['Desktop Chrome'],
      viewport: { width: 1280, height: 720 },
      launchOptions: { args: browserArguments(), ...(browser.executablePath === undefined ? {} : { executablePath: browser.executablePath }) },
    },
  }],
});
