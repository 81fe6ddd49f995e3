/** A camera that has every fault in turn, recorded, beside one that has none. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recorder } from '@twnet/node/live/recorder';
import { LiveSession } from '@twnet/node/live/session';
import type { Model } from '@twnet/node/model/model';
import { openVideo } from '@twnet/node/video/open-video';
import { loopedClip } from '@twnet/testing/looped-stream';
import { StreamServer } from '@twnet/testing/stream-server';

const KILLS = 20;
const EACH = 5;
/** Connections by what ails them. */
const STALLS = KILLS + EACH;
const GARBAGE = STALLS + EACH;
const CLOCKS = GARBAGE + EACH;
const SIZES = CLOCKS + EACH;
/** Frames of a connection before its fault. */
const GOOD = 20;

export async function faults(model: Model, path: string, otherSize: string) {
  using clip = await loopedClip(path);
  using other = await loopedClip(otherSize);
  const folder = mkdtempSync(join(tmpdir(), 'twnet-live-faults-'));
  const garbage = Buffer.from(Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251));
  let killed = 0;
  await using server = await new StreamServer(clip, {
    clip: (connection) => (connection >= CLOCKS && connection < SIZES && connection % 2 === 0 ? other : clip),
    from: (connection) => (connection >= GARBAGE && connection < CLOCKS ? 5000 * ((connection * 7) % 4) : 10),
    change: ({ bytes, index }, connection) => {
      if (connection < KILLS) {
        if (index === GOOD && connection === killed) {
          killed++;
          void server.kill().then(() => setTimeout(() => void server.start(), 200));
        }
        return bytes;
      }
      if (connection < STALLS) return index < GOOD ? bytes : undefined;
      if (connection < GARBAGE)
        return index === 3 * GOOD ? null : index > 5 && index % 10 === 0 ? garbage : bytes;
      return connection < SIZES && index === GOOD ? null : bytes;
    },
  }).start();
  await using well = await new StreamServer(clip).start();
  const stop = new AbortController();
  const common = {
    classes: model.card.classes.map((name, id) => ({ id, name })),
    palette: model.card.palette,
  };
  const errors: unknown[] = [];
  const recorder = new Recorder({
    ...{
      ...common,
      path: join(folder, 'cam-%03d.mp4'),
      segment: 10,
      onError: (error: unknown) => errors.push(error),
    },
  });
  const wait = { first: 0.05, most: 0.4 };
  const session = new LiveSession(
    {
      model,
      cameras: [
        { name: 'ill', source: server.address, late: 'warp', reconnect: true, timeout: 1, wait },
        { name: 'well', source: well.address, late: 'warp', reconnect: true },
      ],
    },
    {
      onFrame: (frame) => {
        if (frame.camera === 'ill') recorder.take(frame);
        if (server.connections > SIZES && frame.camera === 'ill' && frame.connection >= SIZES)
          ends ??= setTimeout(() => stop.abort(), 3000);
      },
    },
  );
  let ends: NodeJS.Timeout | undefined;
  const begun = performance.now();
  const tooLong = setTimeout(() => stop.abort(), 200_000);
  const failures = await session.run(stop.signal);
  clearTimeout(tooLong);
  await recorder.finish();
  const [ill, sound] = session.cameras.map(({ stats }) => stats);
  const recordings = await Promise.all(readdirSync(folder).map((file) => framesOf(join(folder, file))));
  rmSync(folder, { recursive: true });
  return {
    seconds: Math.round((performance.now() - begun) / 1000),
    faults: { serverKilled: KILLS, stalls: EACH, garbage: EACH, clockJumps: EACH, sizeChanges: EACH },
    hung: ends === undefined ? 1 : 0,
    failures: failures.length + errors.length,
    ...{ connections: ill.connections, losses: ill.losses, frames: ill.byNetwork + ill.byWarp },
    beside: { losses: sound.losses, p99: Math.round(sound.lag.p99), frames: sound.byNetwork + sound.byWarp },
    recordings: {
      files: recordings.length,
      playable: recordings.filter((count) => count > 0).length,
      frames: recordings.reduce((sum, count) => sum + count, 0),
      leftOut: recorder.dropped,
    },
  };
}

/** 0 where it cannot be played. */
export async function framesOf(path: string): Promise<number> {
  try {
    await using video = await openVideo(path);
    let count = 0;
    for await (const _ of video) count++;
    return count;
  } catch {
    return 0;
  }
}
