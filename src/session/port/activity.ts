import type { FactTable } from './fact-table.ts';

/** A program at work: the transition it took last, its last messages, what it knows as tables. */
export interface ActivityQuery { readonly type: 'activity'; readonly address: string }
export interface ActivityAnswer {
  readonly type: 'activity';
  readonly last?: LastTransition;
  /** Newest first. */
  readonly received: readonly MessageLine[];
  readonly sent: readonly MessageLine[];
  readonly tables: readonly FactTable[];
}
/** The transitions that the last event took; none where the chart had nothing to do with it. */
export interface LastTransition { readonly recordId: number; readonly atUs: number; readonly event: string; readonly taken: readonly TakenTransition[] }
export interface TakenTransition { readonly from: string; readonly to: string; readonly on: string; readonly guard?: string; readonly actions: readonly string[] }
export interface MessageLine { readonly recordId: number; readonly atUs: number; readonly peer: string; readonly label: string; readonly background: boolean; readonly ok: boolean }
