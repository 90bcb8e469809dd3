/** `$(NAME)` is replaced where it is known, `$$(NAME)` loses one `$`. Models third_party/forked/golang/expansion. */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name?: string) => (whole === '$$' ? '$' : values.get(name!) ?? whole));
}
