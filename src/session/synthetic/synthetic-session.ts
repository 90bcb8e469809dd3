import type { Frame, FromSession, Recording, ToSession } from '../port/protocol.ts';
import type { MassChange } from '../port/mass-status.ts';
import { stepUs, SyntheticStatuses, type SyntheticSize } from './synthetic-statuses.ts';

/** So much is told ahead at once: nothing in it is news that the page would wait for. */
const aheadUs = 20_000_000;

/** A session without a world behind it: it has statuses to show, and refuses whatever would need a component. */
export class SyntheticSession {
  private readonly host: { emit(message: FromSession): void };
  private readonly recording: Recording;
  private readonly size: SyntheticSize;
  private readonly branch: number;
  private statuses: SyntheticStatuses;
  private knownUs = 0;
  private horizonUs = 0;

  constructor(host: { emit(message: FromSession): void }, recording: Recording, size: SyntheticSize, branch: number) {
    this.host = host;
    this.recording = { ...recording, commands: [] };
    this.size = size;
    this.branch = branch;
    this.statuses = new SyntheticStatuses(recording.seed, size);
  }

  open(seekUs = 0): void { this.seek(seekUs); }

  receive(message: Exclude<ToSession, { type: 'open' }>): void {
    switch (message.type) {
      case 'know': return this.know(Math.max(message.throughUs, message.untilNews ? Math.min(message.limitUs, this.knownUs + aheadUs) : 0));
      case 'seek': return this.seek(message.toUs);
      case 'dispatch': return this.host.emit({ type: 'refused', id: message.id, problems: [{ text: 'These statuses come from a seed: no component runs that could do this.' }] });
      case 'query': return this.host.emit({ type: 'answer', id: message.id, answer: { type: 'nothing', text: 'This status comes from a seed: no component runs, and no object is stored.' } });
      case 'export': return this.host.emit({ type: 'exported', id: message.id, recording: this.recording });
    }
  }

  private know(throughUs: number): void {
    const [fromUs, changes]: [number, MassChange[]] = [this.knownUs, []];
    while ((this.statuses.second + 1) * stepUs <= throughUs) changes.push(this.statuses.step());
    this.emit(false, fromUs, Math.max(fromUs, throughUs), changes);
  }

  private seek(toUs: number): void {
    const second = Math.floor(toUs / stepUs);
    if (second < this.statuses.second) this.statuses = new SyntheticStatuses(this.recording.seed, this.size);
    while (this.statuses.second < second) this.statuses.step();
    this.emit(true, toUs, toUs, []);
  }

  private emit(whole: boolean, fromUs: number, toUs: number, changes: readonly MassChange[]): void {
    this.knownUs = toUs;
    this.horizonUs = Math.max(this.horizonUs, toUs);
    const frame: Frame = {
      type: 'frame', branch: this.branch, whole, fromUs, toUs, complete: true, rows: [], messages: [], log: [], horizonUs: this.horizonUs, steps: 0, hash: '',
      mass: { ...(whole && { table: this.statuses.table() }), changes }, ...(whole && { marks: [{ atUs: 0, kind: 'start', text: 'start', recordId: -1 }] }),
    };
    this.host.emit(frame);
  }
}
