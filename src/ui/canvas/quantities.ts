const rounded = (value: number): string => String(Number(value.toFixed(value < 10 ? 1 : 0)));

/** Cpu as people write it: `250m`, `1.5`, `4`. */
export const cpuText = (millis: number): string => (millis !== 0 && millis < 1000 ? `${millis}m` : rounded(millis / 1000));

/** Memory in the unit that suits it: `128Mi`, `1.5Gi`. */
export function memoryText(bytes: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${rounded(value)}${units[unit]}`;
}

/** What is in use, as `kubectl top` writes it: whole millicores, and memory in the unit that suits it. */
export const usedText = (resource: 'cpu' | 'memory', amount: number): string => (resource === 'cpu' ? `${Math.round(amount)}m` : memoryText(amount));
