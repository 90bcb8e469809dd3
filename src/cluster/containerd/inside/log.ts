/** What a container has written: the file under /var/log/pods. */
import type { ContainerLogsResponse } from '../../../kubernetes/protocols/cri.ts';
import { outputAfter } from '../program.ts';
import type { ContainerdState, ContainerRow } from '../runtime-state.ts';

type Lines = ContainerLogsResponse['lines'];

/** What its program was known to write, and what came of those who spoke to it. */
export function writtenBy(state: ContainerdState, { plan, shown: { id, startedAtUs } }: ContainerRow, untilUs: number): Lines {
  if (startedAtUs === 0) return [];
  const lines = outputAfter(plan, untilUs - startedAtUs).map(({ afterUs, text }) => ({ atUs: startedAtUs + afterUs, text }));
  const log = state.insides.get(id)?.log ?? [];
  return log.length === 0 ? lines : [...lines, ...log].sort((a, b) => a.atUs - b.atUs);
}

export const lastLines = (lines: Lines, sinceUs: number, most: number): Lines => (most === 0 ? [] : lines.filter(({ atUs }) => atUs >= sinceUs).slice(-most));
