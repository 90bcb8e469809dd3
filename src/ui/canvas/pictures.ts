import type { Picture } from './picture.ts';

/** What each canvas of messages shows now, for whoever paints it elsewhere: into a file, larger. */
export const pictures = new WeakMap<HTMLCanvasElement, Picture>();
