/** How many messages of a stretch of time came to nothing. Background is not counted. */
export interface LossesQuery { readonly type: 'losses'; readonly fromUs: number; readonly toUs: number }

export interface LossesAnswer {
  readonly type: 'losses';
  /** Never arrived: nobody was there to receive them, or the network was cut. */
  readonly lost: number;
  /** Arrived and said no. */
  readonly refused: number;
}
