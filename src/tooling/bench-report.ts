/** One number that is measured. */
export interface Figure { readonly name: string; readonly value: number; readonly unit: string; readonly budget: number | undefined }

/** Prints one figure as a JSON line; `ok` is null where there is no budget. */
export function report(name: string, value: number, unit: string, budget: number | undefined, better: 'lower' | 'higher' = 'lower'): void {
  const ok = budget === undefined ? undefined : better === 'lower' ? value <= budget : value >= budget;
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(4)), unit, budget: budget ?? null, ok: ok ?? null }));
}
