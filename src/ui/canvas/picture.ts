import type { MessageRow } from '../../session/port/rows.ts';
import type { StageLayout } from './layout.ts';
import type { Pipe } from './stage-plan.ts';
import type { Listening } from './loudness.ts';

/** What the theme says of colours and lines. */
export interface Colours { readonly kinds: Readonly<Record<MessageRow['kind'], string>>; readonly bad: string; readonly ink: string; readonly panel: string; readonly faint: string; readonly loudPx: number }

export interface Picture {
  readonly inFlight: readonly MessageRow[];
  /** Who works on what arrived last, while nothing travels. */
  readonly atWork: MessageRow | undefined;
  readonly atUs: number;
  readonly layout: StageLayout;
  readonly ways: ReadonlyMap<string, Pipe>;
  readonly colours: Colours;
  /** Screen pixels of the stage's origin, and the zoom. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
  readonly selectedId: number;
  readonly listening: Listening;
}

/** Where a message was drawn, so that it can be clicked. */
export interface Drawn { readonly id: number; readonly x: number; readonly y: number }
