/** Sizes and costs, in numbers of 64 bits that do not run over. Models github.com/google/cel-go/checker/cost.go: SizeEstimate, CostEstimate. */
import type { CostType } from './cost-types.ts';

export interface Size { readonly min: number; readonly max: number }
/** How large the keys (or indices) and the values of a container are. */
export interface Entry { readonly key: Size; readonly value: Size }
/**
 * How a value is reached, beginning with the name of a variable: one of Go's slices, which share what they are made of. In cel-go a path that was
 * lengthened may so come to end in the name that another was lengthened by, and definitions are held against what that gives.
 */
export class Path {
  private readonly shared: string[];
  private readonly length: number;
  private readonly room: number;
  private constructor(shared: string[], length: number, room: number) { [this.shared, this.length, this.room] = [shared, length, room]; }
  static of(name: string): Path { return new Path([name], 1, 1); }
  get names(): readonly string[] { return this.shared.slice(0, this.length); }
  to(name: string): Path {
    const [shared, room] = this.length < this.room ? [this.shared, this.room] : [[...this.names], this.room * 2];
    shared[this.length] = name;
    return new Path(shared, this.length + 1, room);
  }
}
export const pathTo = (path: Path | undefined, name: string): Path => path?.to(name) ?? Path.of(name);

/** A part of an expression with what is known of its value; `later`: its size as it is after more has been looked at. */
export interface Estimate { readonly cost: number; readonly type: CostType; readonly path?: Path; readonly size?: Size; readonly later?: () => Size | undefined; readonly entry?: Entry; readonly literal?: unknown }

/** What an unsigned number of 64 bits cannot reach stands for "no limit". */
export const endless = 2 ** 64;
export const capped = (value: number): number => Math.min(value, endless);
export const unknownSize: Size = { min: 0, max: endless };
export const sizeOf = ({ size }: Pick<Estimate, 'size'>): Size => size ?? unknownSize;
/** So much for each unit of a size. */
export const perUnit = (units: number, cost: number): number => capped(Math.ceil(capped(units) * cost));
export const perCharacter = 0.1;
