import { isCamera } from '../../session/port/camera.ts';
import { isProblem, readRecording } from '../../session/port/read-recording.ts';
import type { Problem, Recording } from '../../session/port/protocol.ts';
import type { View } from '../../store/state.ts';

/** A moment of a world as a link carries it: the recording, when, and how it was looked at. */
export interface SharedMoment {
  readonly recording: Recording;
  readonly atUs: number;
  /** The ready scene that it is a moment of. */
  readonly sceneId?: string;
  readonly view: Partial<Pick<View, 'lens' | 'chatter' | 'legend' | 'following' | 'camera'>>;
}

const name = '#o=';
const version = '1.';
/** What a browser still takes as an address, and what is still read of it when unpacked. */
const mostLetters = 1_500_000;
const mostUnpacked = 9_000_000;
const latestUs = 7 * 24 * 3_600_000_000;

const damaged: Problem = { text: 'This link is damaged: a part of it is missing or was changed. Here is your own session instead.' };

export const isMomentLink = (hash: string): boolean => hash.startsWith(name);

/** The part of an address that carries a moment. */
export async function encodeMoment(moment: SharedMoment): Promise<string> {
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(JSON.stringify(moment)), Infinity);
  return `${name}${version}${toBase64(packed)}`;
}

/** Reads what may come from anywhere; a sentence where it can not be read. */
export async function decodeMoment(hash: string): Promise<SharedMoment | Problem> {
  const text = hash.slice(name.length);
  if (!text.startsWith(version)) return /^\d+\./.test(text) ? { text: 'This link was made by a newer Orrery than this one. Here is your own session instead.' } : damaged;
  if (text.length > mostLetters || !/^[\w-]+$/.test(text.slice(version.length))) return damaged;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await through(new DecompressionStream('deflate-raw'), fromBase64(text.slice(version.length)), mostUnpacked)));
  } catch {
    return damaged;
  }
  if (typeof value !== 'object' || value === null) return damaged;
  const { recording: claimed, atUs, sceneId, view } = value as Record<string, unknown>;
  if (!isMoment(atUs)) return damaged;
  const recording = readRecording(claimed);
  if (isProblem(recording)) return recording;
  return { recording, atUs, view: readView(view), ...(typeof sceneId === 'string' && sceneId.length < 60 && { sceneId }) };
}

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= latestUs;

/** Only what is known, and only what is of its kind: what is missing is as on a first visit. */
function readView(value: unknown): SharedMoment['view'] {
  if (typeof value !== 'object' || value === null) return {};
  const { lens, chatter, legend, following, camera } = value as Record<string, unknown>;
  return {
    ...(typeof lens === 'boolean' && { lens }), ...(typeof chatter === 'boolean' && { chatter }), ...(typeof legend === 'boolean' && { legend }),
    ...(typeof following === 'string' && following.length < 400 && { following }), ...(isCamera(camera) && { camera: { x: camera.x, y: camera.y, zoom: camera.zoom } }),
  };
}

/** All that comes out of a stream, as long as it is not more than it may be: a few letters can unpack to gigabytes. */
async function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What goes wrong in it is told by the reader.
  writer.write(bytes).then(() => writer.close()).catch(() => undefined);
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    length += next.value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error('too much');
    }
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
