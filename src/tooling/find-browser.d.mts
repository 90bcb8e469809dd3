/** A Chromium that can be driven; without a path it is the one Playwright keeps for itself. */
export interface FoundBrowser { readonly executablePath?: string; readonly from: string }
export const noBrowser: string;
export function usualPlaces(platform?: string, env?: Readonly<Record<string, string | undefined>>): string[];
export function findBrowser(): Promise<FoundBrowser | undefined>;
export function obtainBrowser(): Promise<FoundBrowser | undefined>;
export function browserArguments(): string[];
