import { describe, expect, test } from 'vitest';
import { readManifests } from '../cluster/with-manifests.ts';
import type { Frame, FromSession, LogLine, Mark } from '../session/port/protocol.ts';
import type { MessageRow, Row } from '../session/port/rows.ts';
import { createSession } from '../session/session.ts';
import { scenes } from './index.ts';
import { captionAt, readyPods, seconds } from './scene.ts';
import type { Scene, SceneRows } from './scene.ts';

interface Told { readonly atS: number; readonly says: string; readonly rows: SceneRows }

/** A scene as it was played, from its start to its stop. */
interface Played {
  readonly told: readonly Told[];
  readonly log: readonly LogLine[];
  readonly messages: readonly MessageRow[];
  readonly marks: readonly Mark[];
  /** The rows after each change. */
  readonly moments: readonly { readonly atUs: number; readonly rows: SceneRows }[];
}

/** The rows at each moment at which something changed, the first being the scene's start. */
function momentsOf(frames: readonly Frame[], startUs: number): Played['moments'] {
  let rows: Record<string, Row> = {};
  const moments: { atUs: number; rows: SceneRows }[] = [{ atUs: startUs, rows }];
  for (const { atUs, key, row } of frames.flatMap((frame) => frame.rows)) {
    const known: Record<string, Row> = { ...rows };
    if (row === null) delete known[key];
    else known[key] = row;
    rows = known;
    const moment = { atUs: Math.max(atUs, startUs), rows };
    if (moments[moments.length - 1]!.atUs === moment.atUs) moments.pop();
    moments.push(moment);
  }
  return moments;
}

function play(scene: Scene): Played {
  const frames: Frame[] = [];
  const emit = (message: FromSession): void => {
    if (message.type === 'failed') throw new Error(message.message);
    if (message.type === 'frame') frames.push(message);
  };
  const session = createSession({ emit, readManifests: (text, fileName) => readManifests(text, { fileName }) });
  session.receive({ type: 'open', recording: scene.recording, seekUs: scene.startUs });
  session.receive({ type: 'know', throughUs: scene.stopUs, untilNews: false, limitUs: scene.stopUs });
  const moments = momentsOf(frames, scene.startUs);
  const told: Told[] = [];
  for (const { atUs, rows } of moments) {
    const says = captionAt(scene, rows)?.says ?? 'nothing';
    if (told[told.length - 1]?.says !== says) told.push({ atS: atUs / 1_000_000, says, rows });
  }
  return { told, moments, log: frames.flatMap((frame) => frame.log), messages: frames.flatMap((frame) => frame.messages), marks: frames.findLast((frame) => frame.marks !== undefined)?.marks ?? [] };
}

const markAt = (played: Played, text: string): number => played.marks.findLast((mark) => mark.text === text)!.atUs / 1_000_000;
const lineAt = (played: Played, text: RegExp): number => (played.log.find((line) => text.test(line.text))?.atUs ?? NaN) / 1_000_000;
const leastReady = (played: Played): number => Math.min(...played.moments.map(({ rows }) => readyPods(rows, 'web-')));
const starts = (played: Played): number[] => played.messages.filter((message) => message.from.endsWith('/kubelet') && message.label.startsWith('StartContainer')).map((message) => message.sentAtUs / 1_000_000);

/** What each scene's captions claim, asked of the messages, the log and the marks: not of the rows that the captions themselves look at. */
const claims: Readonly<Record<string, (played: Played) => void>> = {
  'pod-way': (played) => {
    const [, stored, bound, taken, runs, ready] = played.told.map(({ atS }) => atS);
    expect(lineAt(played, /^etcd stores \/registry\/pods\/default\/hello$/)).toBeLessThanOrEqual(stored!);
    expect(lineAt(played, /kube-scheduler binds Pod hello to worker-\d/)).toBeLessThan(bound!);
    expect(lineAt(played, /asks containerd: PullImage/)).toBeGreaterThan(bound!);
    expect(lineAt(played, /asks containerd: StartContainer/)).toBeLessThanOrEqual(runs!);
    expect(lineAt(played, /kubelet on worker-\d sees Pod|kubelet on worker-\d sees a change of Pod/)).toBeLessThan(taken!);
    expect(ready).toBeGreaterThan(runs!);
    expect(played.messages.filter((message) => message.from === 'outside/kubectl' && message.to !== 'control-plane-1/kube-apiserver')).toEqual([]);
  },
  rollout: (played) => {
    expect(played.told[1]!.atS - markAt(played, 'apply web.yaml')).not.toBeLessThan(0);
    expect(leastReady(played)).toBe(3);
    expect(Math.max(...played.moments.map(({ rows }) => Object.values(rows).filter((row) => row.type === 'pod' && !row.deleting).length))).toBe(5);
    const images = Object.values(played.told[4]!.rows).flatMap((row) => (row.type === 'pod' ? [row.containers[0]!.image] : []));
    expect(images).toHaveLength(4);
    expect(images.every((image) => image.endsWith('nginx:1.28'))).toBe(true);
  },
  'node-dies': (played) => {
    const [, dead, silent, leftOut, evicted, healed] = played.told.map(({ atS }) => atS);
    expect(dead).toBe(markAt(played, 'kill worker-2'));
    expect(silent).toBe(markAt(played, 'worker-2 NotReady'));
    // Ten seconds may have passed since the last renewal, and the controller looks every five.
    expect(silent! - dead!).toBeGreaterThan(40);
    expect(silent! - dead!).toBeLessThan(56);
    expect(evicted! - silent!).toBeGreaterThan(299);
    expect(evicted! - silent!).toBeLessThan(311);
    expect(played.log.filter((line) => /Event TaintManagerEviction/.test(line.text) && line.atUs > seconds(silent!))).not.toEqual([]);
    expect(healed).toBeLessThanOrEqual(markAt(played, 'web 3/3'));
    // The Service's own objects say so: a slice of endpoints was written between the two.
    expect(played.log.some((line) => line.atUs > seconds(dead!) && line.atUs <= seconds(leftOut!) && /endpointslice-controller updates EndpointSlice web-/.test(line.text))).toBe(true);
  },
  'nothing-fits': (played) => {
    const [, refused, scaled, bound] = played.told.map(({ atS }) => atS);
    expect(lineAt(played, /Event FailedScheduling about Pod late: 0\/4 nodes are available: .*3 Insufficient cpu/)).toBeGreaterThanOrEqual(40);
    expect(refused).toBeLessThan(41);
    // Nobody tries again while nothing has changed.
    expect(played.log.filter((line) => /Event FailedScheduling/.test(line.text) && line.atUs < seconds(scaled!))).toHaveLength(1);
    expect(lineAt(played, /kube-scheduler binds Pod late/)).toBeGreaterThan(scaled!);
    expect(lineAt(played, /kube-scheduler binds Pod late/)).toBeLessThan(bound!);
  },
  'api-server-down': (played) => {
    const [, down, refused, deposed, back, lead, asked] = played.told.map(({ atS }) => atS);
    expect(down).toBe(markAt(played, 'stop kube-apiserver'));
    expect(refused).toBeGreaterThan(46);
    expect(deposed! - down!).toBeGreaterThan(5);
    expect(deposed! - down!).toBeLessThan(12);
    expect(back).toBe(markAt(played, 'start kube-apiserver'));
    expect(played.log.some((line) => line.atUs > seconds(down!) && line.atUs < seconds(back!) && /\bbinds Pod|etcd stores/.test(line.text))).toBe(false);
    const lists = played.messages.filter((message) => message.from === 'control-plane-1/kube-scheduler' && message.sentAtUs > seconds(back!) && message.sentAtUs <= seconds(lead!) && message.ok);
    expect(lists.length).toBeGreaterThan(0);
    expect(asked).toBeGreaterThan(75);
    // What ran went on running all the while.
    const running = (rows: SceneRows) => Object.values(rows).flatMap((row) => (row.type === 'truth' ? row.containers.filter((container) => container.running && container.pod.startsWith('web-')) : []));
    expect(Math.min(...played.moments.map(({ rows }) => running(rows).length))).toBe(2);
  },
  'crash-loop': (played) => {
    const [first, second, third, fourth, fifth] = starts(played);
    expect(second! - first!).toBeLessThan(3);
    [third! - second!, fourth! - third!, fifth! - fourth!].forEach((pause, index) => {
      const promised = [10, 20, 40][index]!;
      expect(pause).toBeGreaterThanOrEqual(promised);
      expect(pause).toBeLessThan(promised * 1.5 + 3);
    });
    expect(played.log.filter((line) => /binds Pod crasher/.test(line.text))).toHaveLength(1);
  },
};

describe('each scene tells all it has to tell, in its order, between its start and its stop', () => {
  test.each(scenes.map((entry) => [entry.id, entry] as const))('%s', async (id, entry) => {
    const { scene } = await entry.load();
    expect({ id: scene.id, title: scene.title }).toEqual({ id, title: entry.title });
    expect(scene.look.match(/\.(?= |$)/g)).toHaveLength(2);
    const played = play(scene);
    expect(played.told.map(({ says }) => says)).toEqual(scene.captions.map(({ says }) => says));
    expect(played.told[0]!.atS).toBe(scene.startUs / 1_000_000);
    expect(claims[id], `what ${id} claims`).toBeDefined();
    claims[id]!(played);
  });
});
