/** A line of a comparison; `skip` stands for so many lines that are the same. */
export type DiffLine = { readonly kind: 'same' | 'gone' | 'new'; readonly text: string } | { readonly kind: 'skip'; readonly count: number };

/** Lines of a change are shown with so many unchanged ones around them. */
const around = 3;

/** What is different between two texts, line by line: a longest common subsequence, after what they begin and end with alike. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  return shortened([
    ...same(before.slice(0, start)), ...changed(before.slice(start, before.length - end), after.slice(start, after.length - end)), ...same(before.slice(before.length - end)),
  ]);
}

function changed(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const width = after.length + 1;
  // length[i][j]: the longest common subsequence of before[i…] and after[j…].
  const length = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) length[i * width + j] = before[i] === after[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) { lines.push({ kind: 'same', text: before[i]! }); i += 1; j += 1; }
    else if (i < before.length && (j === after.length || length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) lines.push({ kind: 'gone', text: before[i++]! });
    else lines.push({ kind: 'new', text: after[j++]! });
  }
  return lines;
}

function shortened(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, at) => { if (kind !== 'same') near.fill(1, Math.max(0, at - around), at + around + 1); });
  const shown: DiffLine[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (near[at] === 1) { shown.push(lines[at]!); continue; }
    let until = at;
    while (until < lines.length && near[until] === 0) until += 1;
    shown.push({ kind: 'skip', count: until - at });
    at = until - 1;
  }
  return shown;
}
