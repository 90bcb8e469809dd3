export function nodeVersionComplaint(version?: string): string | undefined;
export function requireNodeVersion(): void;
