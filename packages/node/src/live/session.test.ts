/** Cameras from their packets to labels and files, by a model that ships. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { InputError } from '@twnet/core/errors';
import { sizesFor } from '@twnet/core/runtime/frame-sizes';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import { type LoopedClip, loopedClip } from '@twnet/testing/looped-stream';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, readAll, TestFolder } from '@twnet/testing/moving-texture';
import { StreamServer } from '@twnet/testing/stream-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../model/model.js';
import { Networks } from '../networks/networks.js';
import { openVideo } from '../video/open-video.js';
import type { CameraFrame } from './camera.js';
import { LabelFolder } from './label-folder.js';
import { Recorder } from './recorder.js';
import { checkRecordingName } from './recording-file.js';
import { type LiveCamera, LiveSession } from './session.js';

const folder = new TestFolder();
let clip: LoopedClip;
let model: Model;

beforeAll(async () => {
  const spec = { encoder: 'libx264', gop: 8, options: { preset: 'ultrafast', tune: 'zerolatency', refs: 1 } };
  await makeStream(movingTexture(96, 64, 24, 2, 1), { ...spec, output: folder.at('clip.mp4') });
  clip = await loopedClip(folder.at('clip.mp4'));
  model = await Model.open();
});
afterAll(() => {
  clip[Symbol.dispose]();
  folder[Symbol.dispose]();
});

const FILE = { name: 'file', late: 'wait', reconnect: false } as const;
const named = () => model.card.classes.map((name, id) => ({ id, name }));

async function run(
  cameras: readonly LiveCamera[],
  onFrame: (frame: CameraFrame, session: LiveSession, stop: () => void) => unknown = () => undefined,
) {
  const controller = new AbortController();
  const states: string[] = [];
  const session: LiveSession = new LiveSession(
    { model, cameras, threads: 1 },
    {
      onFrame: (frame) => onFrame(frame, session, () => controller.abort()),
      onState: ({ name, state }, why) =>
        states.push(`${name} ${state}${why === undefined ? '' : `: ${why}`}`),
    },
  );
  const failures = await session.run(controller.signal);
  return { session, failures, states };
}

describe('labels of a live session', () => {
  it('are those of segmentVideo that looks no farther ahead, where the source waits', async () => {
    const live: Uint8Array[] = [];
    const kinds: string[] = [];
    await run([{ ...FILE, source: folder.at('clip.mp4') }], ({ labels, by }) => {
      live.push(labels);
      kinds.push(by);
    });
    const opening = { scale: 'auto', keyPictures: true } as const;
    await using video = await openVideo(folder.at('clip.mp4'), opening);
    await using networks = await Networks.open(model, {
      ...sizesFor(model.card, video.info),
      speed: 'fast',
      threads: 1,
    });
    const expected: Uint8Array[] = [];
    for await (const { labels } of segmentVideo(video, networks, { lookahead: 0 })) expected.push(labels);
    expect(kinds.map((by) => by[0]).join('')).toBe('nwwwwwww'.repeat(3));
    expect(live).toHaveLength(24);
    for (const [t, labels] of live.entries()) expect(labels).toEqual(expected[t]);
    expect(new Set(live[0]).size).toBeGreaterThan(1);
  });

  it('come for two cameras beside each other, and what ails the one is nothing to the other', async () => {
    await using good = await new StreamServer(clip, { speed: 2 }).start();
    await using bad = await new StreamServer(clip, {
      speed: 2,
      change: ({ bytes, index }) => (index === 12 ? null : bytes),
    }).start();
    const options = {
      late: 'warp',
      maxWait: 150,
      reconnect: true,
      wait: { first: 0.01, most: 0.02 },
    } as const;
    const counts: Record<string, number> = {};
    const { session, failures, states } = await run(
      [
        { ...options, name: 'good', source: good.address },
        { ...options, name: 'bad', source: bad.address },
        { ...options, name: 'none', source: 'tcp://127.0.0.1:9', reconnect: false },
      ],
      ({ camera }, { cameras }, stop) => {
        counts[camera] = (counts[camera] ?? 0) + 1;
        if (counts.good > 100 && cameras[1].stats.connections > 3) stop();
      },
    );
    expect(failures.map(({ camera, error }) => [camera.name, error instanceof InputError])).toEqual([
      ['none', true],
    ]);
    const [one, two] = session.cameras.map(({ stats }) => stats);
    expect(one).toMatchObject({ connections: 1, losses: 0 });
    expect(one.byNetwork).toBeGreaterThan(0);
    expect(two.losses).toBeGreaterThanOrEqual(3);
    expect(two.byNetwork + two.byWarp).toBe(counts.bad);
    for (const { received, byNetwork, byWarp, skipped } of [one, two])
      expect(byNetwork + byWarp + skipped).toBeLessThanOrEqual(received);
    expect(states.filter((state) => state.startsWith('good'))).toEqual(['good live', 'good ended']);
    expect(states).toContainEqual(expect.stringMatching(/^none failed: .*refused/));
  });
});

describe('what a camera leaves', () => {
  const failing = (error: unknown) => {
    throw error;
  };

  it('is recorded in numbered segments behind those that are there, each to be played, and in labels', async () => {
    const { palette } = model.card;
    const common = { classes: named(), palette, onError: failing };
    for (let time = 0; time < 2; time++) {
      const recorder = new Recorder({ ...common, path: folder.at('cam-%02d.mp4'), segment: 0.4 });
      const labels = new LabelFolder({ ...common, path: folder.at(`labels${time}`) });
      await run([{ ...FILE, source: folder.at('clip.mp4') }], (frame) =>
        Promise.all([recorder.take(frame, true), labels.take(frame, true)]),
      );
      await recorder.finish();
      await labels.finish();
      expect(recorder.dropped + labels.dropped).toBe(0);
    }
    const files = readdirSync(folder.at('.')).filter((name) => name.startsWith('cam-'));
    expect(files).toEqual([
      'cam-00.mp4',
      'cam-01.mp4',
      'cam-02.mp4',
      'cam-03.mp4',
      'cam-04.mp4',
      'cam-05.mp4',
    ]);
    const counts: number[] = [];
    for (const file of files) {
      const { frames, video } = await readAll(folder.at(file));
      expect(video.info).toMatchObject({ width: 96, height: 64, codec: 'h264' });
      counts.push(frames.length);
      expect(frames.at(-1)!.timestamp - frames[0].timestamp).toBeCloseTo(0.04 * (frames.length - 1), 3);
    }
    expect(counts).toEqual([10, 10, 4, 10, 10, 4]);
    const lines = readFileSync(folder.at('labels0/frames.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(24);
    const last = JSON.parse(lines[23]);
    expect(last).toMatchObject({ file: '000023.png', by: 'warp', distance: 7 });
    expect(Object.values<number>(last.share).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
    expect(existsSync(folder.at('labels0/000023.png'))).toBe(true);
  });

  it('is no container that is nothing once writing breaks off', () => {
    expect(() => checkRecordingName('cam.avi')).toThrow(/-o cam.avi: recordings are \.mp4/);
  });
});
