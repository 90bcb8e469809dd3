/** So many digits of π, the first one counted, as perl's `bpi` rounds them. By Machin's formula, in whole numbers. */
export function digitsOfPi(count: number): string {
  const guard = 10;
  const unit = 10n ** BigInt(count + guard);
  const arctanOfInverse = (x: bigint): bigint => {
    let [term, sum, sign] = [unit / x, 0n, 1n];
    for (let n = 1n; term !== 0n; n += 2n, term /= x * x, sign = -sign) sum += (sign * term) / n;
    return sum;
  };
  const pi = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));
  const rounded = (pi / 10n ** BigInt(guard) + 5n) / 10n;
  const text = rounded.toString();
  return count <= 1 ? text.slice(0, 1) : `${text[0]}.${text.slice(1, count)}`;
}
