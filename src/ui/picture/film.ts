import { paint } from '../canvas/message-painter.ts';
import { pictures } from '../canvas/pictures.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { download } from '../actions/download.ts';
import { headPx, stageSvg } from './stage-svg.ts';
import { imageOf, stageOnPage, wordsOf } from './take-picture.ts';

/** How long a film is, in seconds that pass for whoever watches it. */
export const filmSeconds = 10;
/** Things and words are drawn anew so often; messages with each frame. */
const stillMs = 120;
const kinds = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];

/** Plays on and films the stage meanwhile; `view.filming` says how far it is, and ends it when it is set to null. */
export async function film(session: SessionStore): Promise<void> {
  const { act } = session;
  const stage = stageOnPage();
  const kind = kinds.find((each) => MediaRecorder.isTypeSupported(each));
  if (stage === undefined || kind === undefined) return act.notify(stage === undefined ? 'There is no stage on the page to film.' : 'This browser can not record videos.', 'bad');
  const first = stageSvg(stage, wordsOf(session), { messages: false });
  const canvas = document.createElement('canvas');
  // Encoders want even sizes.
  [canvas.width, canvas.height] = [first.width & ~1, first.height & ~1];
  const frames = filmFrames(session, stage, canvas, await imageOf(first));
  const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: kind, videoBitsPerSecond: 6_000_000 });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const over = new Promise((done) => { recorder.addEventListener('stop', done, { once: true }); });
  act.look({ filming: 0 });
  act.play();
  recorder.start(1_000);
  const whole = await frames;
  recorder.stop();
  await over;
  act.pause();
  act.look({ filming: null });
  if (!whole) return act.notify('The video was given up; nothing was saved.');
  const type = kind.split(';')[0]!;
  return download(`orrery.${type.slice(6)}`, new Blob(parts, { type }), type);
}

/** Draws frame after frame, until the time is over (true) or somebody ends it (false). */
function filmFrames(session: SessionStore, stage: HTMLElement, canvas: HTMLCanvasElement, firstStill: HTMLImageElement): Promise<boolean> {
  const context = canvas.getContext('2d')!;
  const layer = document.createElement('canvas').getContext('2d')!;
  let [still, stillAt, drawing] = [firstStill, performance.now(), false];
  const renew = (nowMs: number): void => {
    if (drawing || nowMs - stillAt < stillMs) return;
    [drawing, stillAt] = [true, nowMs];
    imageOf(stageSvg(stage, wordsOf(session), { messages: false })).then((next) => { still = next; }, () => undefined).finally(() => { drawing = false; });
  };
  const beganMs = performance.now();
  return new Promise((done) => {
    const draw = (nowMs: number): void => {
      const share = (nowMs - beganMs) / (filmSeconds * 1000);
      const { filming } = session.getState().view;
      if (filming === null || share >= 1 || !stage.isConnected) return done(filming !== null && share >= 1);
      if (share - filming > 0.01) session.act.look({ filming: share });
      renew(nowMs);
      context.drawImage(still, 0, 0);
      const picture = pictures.get(stage.querySelector('canvas')!);
      if (picture !== undefined) {
        if (layer.canvas.width !== picture.width || layer.canvas.height !== picture.height) [layer.canvas.width, layer.canvas.height] = [picture.width, picture.height];
        paint(layer, picture);
        context.drawImage(layer.canvas, 0, headPx);
      }
      requestAnimationFrame(draw);
      return undefined;
    };
    requestAnimationFrame(draw);
  });
}
