/** How long a method takes over a stream, and which of its stages take it. */
import type { FrameTimings } from '@twnet/core/segment/segmented-frame';
import { timeStream } from '../frontier/time-stream.js';
import type { OpenedMethod } from '../methods/stream-method.js';

export interface StageTime {
  /** A frame, see {@link timeStream}. */
  readonly milliseconds: number;
  /** Means a frame of either kind; null where there was none, or where the method does not tell. */
  readonly stages: { readonly key: FrameTimings | null; readonly nonKey: FrameTimings | null };
}

export async function timeStages(
  opened: OpenedMethod,
  stream: string | Uint8Array,
  length: { readonly frames: number; readonly gop: number },
): Promise<StageTime> {
  const sums = { key: noSum(), nonkey: noSum() };
  const counted: OpenedMethod = {
    ...opened,
    async *labels(video) {
      // The stream's second reading counts: the first warms up.
      sums.key = noSum();
      sums.nonkey = noSum();
      for await (const labelled of opened.labels(video)) {
        const { kind, timings } = labelled;
        if (kind && timings) add(sums[kind], timings);
        yield labelled;
      }
    },
  };
  const milliseconds = await timeStream(counted, stream, length);
  return { milliseconds, stages: { key: mean(sums.key), nonKey: mean(sums.nonkey) } };
}

const noSum = () => ({ frames: 0, decode: 0, motion: 0, network: 0, labels: 0 });
type Sum = ReturnType<typeof noSum>;

function add(sum: Sum, { decode, motion, network, labels }: FrameTimings): void {
  sum.frames += 1;
  sum.decode += decode;
  sum.motion += motion;
  sum.network += network;
  sum.labels += labels;
}

function mean({ frames, decode, motion, network, labels }: Sum): FrameTimings | null {
  if (frames === 0) return null;
  const of = (value: number): number => value / frames;
  return { decode: of(decode), motion: of(motion), network: of(network), labels: of(labels) };
}
