/** Whether a container's own process is a shell that waits at its standard input: it lives until it is told to exit. */
import { parseReference } from '../images.ts';

interface Started { readonly image: string; readonly command: readonly string[]; readonly args: readonly string[]; readonly stdin?: true }

const shellImages = new Set(['library/busybox', 'library/alpine', 'library/ubuntu', 'library/debian', 'library/fedora', 'library/centos', 'library/bash']);

export function mainShell({ image, command, args, stdin }: Started): boolean {
  if (stdin !== true) return false;
  const [program, ...rest] = [...command, ...args];
  if (program === undefined) return shellImages.has(parseReference(image)?.repository ?? '');
  return /^(.*\/)?(sh|bash|ash)$/.test(program) && rest.every((word) => /^-[a-bd-z]+$/.test(word));
}
