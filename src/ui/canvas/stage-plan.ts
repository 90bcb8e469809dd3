/** What there is to lay out, and the figures that say where it is. */

export interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export interface Point { readonly x: number; readonly y: number }
/** A connection as drawn: from the end that dialled to the end that was dialled. */
export interface Pipe { readonly id: string; readonly from: string; readonly to: string; readonly points: readonly Point[]; readonly local: boolean; /** Each of the two dials the other. */ readonly mutual?: boolean }

/** A running program, and the addresses of those whom it may dial. */
export interface Program { readonly address: string; readonly dials: readonly string[] }

/** What there is to lay out. Lists are in the order of the stage. */
export interface Inventory {
  readonly frontDoor: Program;
  /** Who is outside, at the left; programs above the spine, one card for all of one name; the cloud, at the right. */
  readonly outside: readonly Program[];
  readonly control: readonly { readonly name: string; readonly role: string; readonly breadth: number; readonly members: readonly Program[] }[];
  readonly cloud: readonly Program[];
  readonly hosts: readonly { readonly name: string; readonly slim: boolean; readonly programs: readonly Program[]; readonly pods: readonly string[] }[];
  readonly pending: readonly string[];
}

/** The key of a card in which several programs of one name stand. */
export const cardKey = (name: string): string => `card/${name}`;
