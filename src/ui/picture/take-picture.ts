import { captionOf } from '../../store/caption.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { clockText } from '../../store/words.ts';
import { download } from '../actions/download.ts';
import { stageSvg } from './stage-svg.ts';
import type { PictureWords, StageSvg } from './stage-svg.ts';

export function wordsOf(session: SessionStore): PictureWords {
  const state = session.getState();
  return { title: state.scene?.title ?? 'A Kubernetes cluster', says: captionOf(state), clock: clockText(state.playheadUs) };
}

/** The stage on the page; undefined while another panel stands in its place. */
export const stageOnPage = (): HTMLElement | undefined => [...document.querySelectorAll<HTMLElement>('section[aria-label="The cluster"]')].find((stage) => stage.clientWidth > 0);

/** Makes a picture of the stage at this moment and hands it to the user as a file. */
export async function takePicture(session: SessionStore, format: 'svg' | 'png'): Promise<void> {
  const stage = stageOnPage();
  if (stage === undefined) return session.act.notify('There is no stage on the page to take a picture of.', 'bad');
  const svg = stageSvg(stage, wordsOf(session));
  const name = `orrery-${(session.getState().playheadUs / 1_000_000).toFixed(3)}s`;
  if (format === 'svg') return download(`${name}.svg`, svg.text, 'image/svg+xml');
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [svg.width * 2, svg.height * 2];
  canvas.getContext('2d')!.drawImage(await imageOf(svg), 0, 0, canvas.width, canvas.height);
  const png = await new Promise<Blob | null>((done) => { canvas.toBlob(done, 'image/png'); });
  if (png === null) return session.act.notify('The browser could not make a PNG of this size.', 'bad');
  return download(`${name}.png`, png, 'image/png');
}

/** The picture as the browser draws it. */
export async function imageOf({ text, width, height }: StageSvg): Promise<HTMLImageElement> {
  const image = new Image(width, height);
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  image.src = url;
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
  return image;
}
