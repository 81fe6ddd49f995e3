/** An hour of a camera, sent as fast as it goes: what the process holds then. */
import { LiveSession } from '@twnet/node/live/session';
import type { Model } from '@twnet/node/model/model';
import { loopedClip } from '@twnet/testing/looped-stream';
import { StreamServer } from '@twnet/testing/stream-server';
import { ProcessWatch } from './process-watch.js';

const HOUR = 3600;

/** @param speed how many times as fast as it is shown */
export async function anHour(model: Model, path: string, speed: number) {
  using clip = await loopedClip(path);
  await using server = await new StreamServer(clip, { speed }).start();
  const stop = new AbortController();
  let seconds = 0;
  const camera = { name: 'hour', source: server.address, late: 'warp', reconnect: false } as const;
  const session = new LiveSession(
    { model, cameras: [camera] },
    {
      onFrame: ({ frame }) => {
        seconds = frame.timestamp;
        if (seconds >= HOUR) stop.abort();
      },
    },
  );
  using watch = new ProcessWatch();
  const begun = performance.now();
  const [failure] = await session.run(stop.signal);
  if (failure) throw failure.error;
  const { received, byNetwork, byWarp, skipped, behind } = session.cameras[0].stats;
  const parts = watch.parts(10);
  // The first tenth fills pools and compiles.
  const [first, last] = [parts[1], parts.at(-1)!];
  return {
    simulatedSeconds: Math.round(seconds),
    seconds: Math.round((performance.now() - begun) / 1000),
    ...{ received, byNetwork, byWarp, skipped, behind },
    growth: Number((last.megabytes / first.megabytes - 1).toFixed(4)),
    parts,
  };
}
