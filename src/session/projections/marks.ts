import type { Lease } from '../../kubernetes/api/index.ts';
import type { Mark, RowChange } from '../port/protocol.ts';
import type { Row } from '../port/rows.ts';

/** The named moments of a timeline. A moment reached twice (time went back and came again) is marked once. */
export class Marks {
  private readonly known = new Map<string, Mark>();
  private changed = true;

  add(mark: Mark): void {
    const key = `${mark.atUs} ${mark.kind} ${mark.text}`;
    if (this.known.has(key)) return;
    this.known.set(key, mark);
    this.changed = true;
  }

  /** What lies after this moment is no longer going to happen. */
  forgetAfter(atUs: number): void {
    for (const [key, mark] of this.known) if (mark.atUs > atUs) this.known.delete(key);
    this.changed = true;
  }

  /** All marks in order, if there is something new to say. */
  news(): readonly Mark[] | undefined {
    if (!this.changed) return undefined;
    this.changed = false;
    return [...this.known.values()].sort((a, b) => a.atUs - b.atUs);
  }
}

/** Programs of which only one of several works at a time: whoever holds the lease of that name. */
const led: readonly string[] = ['kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager'];

/** A lease that changed hands. A holder's identity is its host's name, `_` and what tells one start of the program from the next: Models cmd/kube-scheduler/app/server.go: Run. */
export function leaderMark(before: Lease | undefined, lease: Lease, atUs: number, recordId: number): Mark | undefined {
  const { name } = lease.metadata;
  const [old, now] = [before?.spec?.holderIdentity ?? '', lease.spec?.holderIdentity ?? ''];
  if (!led.includes(name) || now === '' || now === old || before === undefined) return undefined;
  return { atUs, kind: 'leader', text: `${name} led by ${now.replace(/_[^_]*$/, '')}`, recordId };
}

/** What a change of a row means to the story of the whole timeline, if anything. */
export function markOf(change: RowChange, before: Row | undefined, recordId: number): Mark | undefined {
  const { row, atUs } = change;
  if (row?.type === 'node' && before?.type === 'node' && row.ready !== before.ready) {
    if (row.ready === 'True') return { atUs, kind: 'healed', text: `${row.name} Ready`, recordId };
    if (before.ready === 'True') return { atUs, kind: 'failure', text: `${row.name} NotReady`, recordId };
  }
  if (row?.type === 'workload' && row.kind === 'Deployment' && before?.type === 'workload' && row.desired > 0) {
    const full = (one: typeof row): boolean => one.available >= one.desired && one.updated >= one.desired;
    if (full(row) && !full(before)) return { atUs, kind: 'healed', text: `${row.name} ${row.available}/${row.desired}`, recordId };
  }
  return undefined;
}
