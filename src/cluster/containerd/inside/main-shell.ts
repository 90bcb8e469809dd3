/** Whether a container's own process is a shell that waits at its standard input: it lives until it is told to exit. */
import { knownImage } from './known-image.ts';

interface Started { readonly image: string; readonly command: readonly string[]; readonly args: readonly string[]; readonly stdin?: true }

const shellImages = new Set(['busybox', 'alpine', 'ubuntu', 'debian', 'fedora', 'centos', 'bash']);

export function mainShell({ image, command, args, stdin }: Started): boolean {
  if (stdin !== true) return false;
  const [program, ...rest] = [...command, ...args];
  if (program === undefined) return shellImages.has(knownImage(image));
  return /^(.*\/)?(sh|bash|ash)$/.test(program) && rest.every((word) => /^-[a-bd-z]+$/.test(word));
}
