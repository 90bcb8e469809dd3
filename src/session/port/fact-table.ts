/** A table as the inspector shows it: what a program knows, ready to be read. */
export interface FactTable {
  readonly title: string;
  /** What stands above it, in a sentence; '' for none. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that there are besides those told. */
  readonly more: number;
}
