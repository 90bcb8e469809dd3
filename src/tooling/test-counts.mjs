/** A stage that is one check: passed or failed as a whole. */
export const countOf = (passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });

/** A run that ended badly has failed somewhere, even where its report names no failed test (an error outside any test, a crash). */
const atLeastOneFailure = (counts, code) => (code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);

/** Counts Vitest's JSON report. A file that could not be loaded holds no tests, and is counted as one failure. */
export function countVitest(report, code) {
  if (report === undefined) return countOf(false);
  const unloadable = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const counts = { passed: report.numPassedTests, failed: report.numFailedTests + unloadable, skipped: report.numPendingTests + report.numTodoTests };
  return atLeastOneFailure(counts, code);
}

/** Counts Playwright's JSON report. A flaky test passed in the end, but nothing is retried here, so it would be news: it counts as failed. */
export function countPlaywright(report, code) {
  if (report === undefined) return countOf(false);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return atLeastOneFailure({ passed: expected, failed: unexpected + flaky, skipped }, code);
}

/** What failed in Vitest's JSON report: `file: test`, or what kept a file from loading. */
export const failuresOfVitest = (report) => report.testResults.filter(({ status }) => status === 'failed').flatMap(({ name, message, assertionResults }) => {
  const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${name}: ${fullName}`);
  return failed.length > 0 ? failed : [`${name}: ${message}`];
});

/** What did not pass at once in Playwright's JSON report: `file: test`. */
export const failuresOfPlaywright = (report) => report.suites.flatMap(function failuresOf(suite) {
  return [...(suite.suites ?? []).flatMap(failuresOf), ...(suite.specs ?? []).filter(({ ok, tests }) => !ok || tests.some(({ status }) => status === 'flaky')).map(({ file, title }) => `${file}: ${title}`)];
});

/** The sum over all stages. */
export const total = (stages) => stages.reduce(
  (sum, { passed, failed, skipped }) => ({ passed: sum.passed + passed, failed: sum.failed + failed, skipped: sum.skipped + skipped }),
  { passed: 0, failed: 0, skipped: 0 },
);

/** The line others read: `N passed, N failed`, and the skipped ones where there are any. */
export const closingLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
