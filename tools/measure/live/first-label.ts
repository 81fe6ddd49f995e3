/** From the moment at which a stream's first key frame has been sent to its first labels. */
import { LiveSession } from '@twnet/node/live/session';
import type { Model } from '@twnet/node/model/model';
import { loopedClip } from '@twnet/testing/looped-stream';
import { StreamServer } from '@twnet/testing/stream-server';

/** @returns milliseconds, of each of so many sessions; all of them open their networks anew */
export async function firstLabels(
  model: Model,
  path: string,
  format: string,
  times: number,
): Promise<number[]> {
  using clip = await loopedClip(path);
  const found: number[] = [];
  for (let i = 0; i < times; i++) {
    let sent = 0;
    const onSent = ({ index }: { readonly index: number }) => {
      if (index === 0) sent = performance.now();
    };
    await using server = await new StreamServer(clip, { format, onSent }).start();
    const stop = new AbortController();
    const camera = { name: 'first', source: server.address, late: 'warp', reconnect: false } as const;
    const session = new LiveSession(
      { model, cameras: [camera] },
      {
        onFrame: () => {
          if (!stop.signal.aborted) found.push(Math.round(performance.now() - sent));
          stop.abort();
        },
      },
    );
    const [failure] = await session.run(stop.signal);
    if (failure) throw failure.error;
  }
  return found;
}
