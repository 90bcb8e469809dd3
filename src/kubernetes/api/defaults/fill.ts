/** Filling in what is missing without copying what is there. */

type Fields = { readonly [key: string]: unknown };

/** The object with the missing fields set; the same object where none was missing. Null counts as missing, as in Go. */
export function fill<T extends object>(object: T, defaults: Partial<T>): T {
  const have = object as Fields;
  const wanted = defaults as Fields;
  for (const key in wanted) {
    if (have[key] === undefined || have[key] === null) return fillCopy(have, wanted) as T;
  }
  return object;
}

function fillCopy(have: Fields, wanted: Fields): Fields {
  const copy: { [key: string]: unknown } = { ...have };
  for (const key in wanted) if (copy[key] === undefined || copy[key] === null) copy[key] = wanted[key];
  return copy;
}

/** The object with one field changed by a function; the same object where the field is absent or came back unchanged. */
export function change<T extends object, K extends keyof T>(object: T, key: K, by: (value: NonNullable<T[K]>) => NonNullable<T[K]>): T {
  const value = object[key];
  if (value === undefined || value === null) return object;
  const changed = by(value as NonNullable<T[K]>);
  return changed === value ? object : { ...object, [key]: changed };
}

/** The list with each item changed; the same list where every item came back unchanged. */
export function each<T>(by: (item: T) => T): (list: readonly T[]) => readonly T[] {
  return (list) => {
    if (!Array.isArray(list)) return list;
    let copy: T[] | undefined;
    for (let i = 0; i < list.length; i++) {
      const changed = by(list[i]!);
      if (changed !== list[i]) (copy ??= list.slice())[i] = changed;
    }
    return copy ?? list;
  };
}
