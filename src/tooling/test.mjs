// `npm test`: everything that must hold, from a fresh clone. Only Node's own modules here: nothing is installed yet.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { noBrowser, obtainBrowser } from './find-browser.mjs';
import { requireNodeVersion } from './node-version.mjs';
import { install, npmScript, projectRoot } from './npm.mjs';
import { closingLine, countOf, countPlaywright, countVitest, failuresOfPlaywright, failuresOfVitest, total } from './test-counts.mjs';

requireNodeVersion();
const reports = join(projectRoot, '.cache');
const stages = [];
/** Told once more at the end, where they are found without a search through all that was printed. */
const failures = [];

/** Runs one stage, prints its name before and its outcome after, and remembers both. A stage that throws has failed. */
async function stage(name, work) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(3, 60 - name.length))}`);
  const startedMs = Date.now();
  const counts = await work().catch((error) => {
    console.error(error);
    return countOf(false);
  });
  const outcome = counts.failed > 0 ? 'FAILED' : counts.passed > 0 ? 'passed' : 'skipped';
  const result = { name, ...counts };
  stages.push(result);
  console.log(`── ${name}: ${outcome} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
  return result;
}

/** One npm script that either passes or fails as a whole. */
const script = (name, args) => async () => countOf((await npmScript(name, args)) === 0);

/** A test runner, counted by the report it leaves; a stale or missing report can not pass for a fresh one. */
const counted = (reportName, runTests, count, failuresOf) => async () => {
  const file = join(reports, reportName);
  rmSync(file, { force: true });
  const code = await runTests(file);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  if (report !== undefined) failures.push(...failuresOf(report));
  return count(report, code);
};

const unit = counted('unit.json', (report) => npmScript('unit', ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]), countVitest, failuresOfVitest);
const endToEnd = counted('e2e.json', () => npmScript('e2e'), countPlaywright, failuresOfPlaywright);

async function browser() {
  const found = await obtainBrowser();
  console.log(found === undefined
    ? noBrowser
    : `Browser: ${found.executablePath ?? 'Chromium'} (${found.from})`);
  return countOf(found !== undefined);
}

async function everything() {
  mkdirSync(reports, { recursive: true });
  const installed = await stage('install', async () => countOf((await install()) === 0));
  if (installed.failed > 0) return;
  const found = await stage('browser', browser);
  await stage('type check', script('typecheck'));
  await stage('lint', script('lint'));
  await stage('unit tests', unit);
  await stage('seed sweep', script('sweep', ['--seeds', '10', '--from', '1']));
  const built = await stage('build', async () => countOf((await build()) === 0));
  if (built.failed === 0 && found.failed === 0) await stage('end-to-end tests', endToEnd);
  else console.log(`\n── end-to-end tests: not run, for want of a ${built.failed > 0 ? 'build' : 'browser'}`);
}

await everything();
console.log(`\n${stages.map(({ name, passed, failed, skipped }) => `${failed > 0 ? '✗' : '✓'} ${name}: ${closingLine({ passed, failed, skipped })}`).join('\n')}\n`);
if (failures.length > 0) console.log(`${failures.map((failure) => `✗ ${failure}`).join('\n')}\n`);
const sum = total(stages);
process.exitCode = sum.failed > 0 ? 1 : 0;
console.log(closingLine(sum));
