import { isCamera } from './camera.ts';
import type { Camera } from './camera.ts';
import type { Problem, Recording } from './protocol.ts';
import { isProblem, readRecording } from './read-recording.ts';

/** A recording as a file: what the world is, its state at the moment it was saved, and what the page adds. */
export interface SavedFile { readonly recording: Recording; readonly name: string; readonly playheadUs?: number; /** Where the stage had been moved to. */ readonly camera?: Camera }

export const savedFileEnding = '.orrery.json';
/** No recording that may be opened is larger. */
export const mostSavedBytes = 20_000_000;
const longestName = 120;

export const writeSaved = ({ recording, name, playheadUs, camera }: SavedFile): string => `${JSON.stringify({ ...recording, name, playheadUs, camera }, undefined, 2)}\n`;

/** Reads a file that may hold anything. */
export function readSaved(text: string): SavedFile | Problem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { text: 'This recording is damaged: it is not readable as JSON.' };
  }
  const recording = readRecording(value);
  if (isProblem(recording)) return recording;
  const { name, playheadUs, camera } = value as { readonly name?: unknown; readonly playheadUs?: unknown; readonly camera?: unknown };
  if (name !== undefined && (typeof name !== 'string' || name.length > longestName)) return { text: 'This recording is damaged: its name is not readable.' };
  if (playheadUs !== undefined && !(Number.isSafeInteger(playheadUs) && (playheadUs as number) >= 0)) return { text: 'This recording is damaged: the moment to show is not readable.' };
  if (camera !== undefined && !isCamera(camera)) return { text: 'This recording is damaged: where the stage was moved to is not readable.' };
  const atUs = (playheadUs as number | undefined) ?? recording.check?.atUs;
  return { recording, name: name ?? 'a recording', ...(atUs !== undefined && { playheadUs: Math.min(atUs, 7 * 24 * 3_600_000_000) }), ...(camera !== undefined && { camera: { x: camera.x, y: camera.y, zoom: camera.zoom } }) };
}
