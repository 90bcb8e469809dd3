/** How many checks passed, failed and were skipped. */
export interface Counts { readonly passed: number; readonly failed: number; readonly skipped: number }
export interface VitestReport {
  readonly numPassedTests: number; readonly numFailedTests: number; readonly numPendingTests: number; readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}
export interface PlaywrightReport { readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number } }
export function countOf(passed: boolean): Counts;
export function countVitest(report: VitestReport | undefined, code: number): Counts;
export function countPlaywright(report: PlaywrightReport | undefined, code: number): Counts;
export function total(stages: readonly Counts[]): Counts;
export function closingLine(counts: Counts): string;
