import type { Mark } from '../../session/port/protocol.ts';

/** What kind of mark it is, in a word. */
export const markWords: Readonly<Record<Mark['kind'], string>> = { start: 'the beginning', command: 'a command', fault: 'a fault', failure: 'a failure', healed: 'a recovery', leader: 'a new leader' };

const paths: Readonly<Record<Mark['kind'], string>> = {
  start: 'M3 1h2v12H3zM5 1h7l-2 3 2 3H5z',
  command: 'M2 1.5h10L7 12.5z',
  fault: 'M8.5 0.5L2.5 8h3.4L4.8 13.5 11.5 5.6H7.6z',
  failure: 'M2.6 1L7 5.4 11.4 1 13 2.6 8.6 7 13 11.4 11.4 13 7 8.6 2.6 13 1 11.4 5.4 7 1 2.6z',
  healed: 'M1.2 7.4l1.9-1.9 2.6 2.6L11 2.4l1.9 1.9-7.2 7.3z',
  leader: 'M1 11.5L1.8 3.2 4.8 6.4 7 1.5 9.2 6.4 12.2 3.2 13 11.5z',
};

/** A mark's shape: a flag, a pointer, lightning, a cross, a tick, a crown. */
export const MarkShape = ({ kind, size = 14 }: { readonly kind: Mark['kind']; readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true"><path d={paths[kind]} fill="currentColor" /></svg>
);
