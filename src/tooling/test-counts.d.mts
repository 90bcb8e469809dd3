/** How many checks passed, failed and were skipped. */
export interface Counts { readonly passed: number; readonly failed: number; readonly skipped: number }
export interface VitestReport {
  readonly numPassedTests: number; readonly numFailedTests: number; readonly numPendingTests: number; readonly numTodoTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string; readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[] }[];
}
export interface PlaywrightSuite { readonly suites?: readonly PlaywrightSuite[]; readonly specs?: readonly { readonly file: string; readonly title: string; readonly ok: boolean; readonly tests: readonly { readonly status: string }[] }[] }
export interface PlaywrightReport { readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number }; readonly suites: readonly PlaywrightSuite[] }
export function countOf(passed: boolean): Counts;
export function countVitest(report: VitestReport | undefined, code: number): Counts;
export function countPlaywright(report: PlaywrightReport | undefined, code: number): Counts;
export function failuresOfVitest(report: VitestReport): readonly string[];
export function failuresOfPlaywright(report: PlaywrightReport): readonly string[];
export function total(stages: readonly Counts[]): Counts;
export function closingLine(counts: Counts): string;
