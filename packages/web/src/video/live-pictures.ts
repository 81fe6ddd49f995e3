/** The pictures of a camera, a screen, or whatever else gives `VideoFrame`s as they come. */
import { InputError } from '@twnet/core/errors';
import type { BrowserFrame, PictureSource, SourceFrame } from './source-frame.js';

/** A camera's or screen's stream or track, or a stream of frames. */
export type LiveInput = MediaStream | MediaStreamTrack | ReadableStream<BrowserFrame>;

/** There are no I-frames: every so-many frames stands as one, as in the paper. */
const GROUP = 12;

export class LivePictures implements PictureSource {
  readonly turn = 0;
  readonly chroma = 'centre';
  readonly #reader: ReadableStreamDefaultReader<BrowserFrame>;

  /** @param frames of which those that nobody asks for in time are the stream's to drop */
  constructor(
    readonly name: string,
    frames: ReadableStream<BrowserFrame>,
  ) {
    this.#reader = frames.getReader();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SourceFrame, void> {
    let zero: number | undefined;
    try {
      for (let count = 0; ; count++) {
        const { done, value: frame } = await this.#reader.read();
        if (done) {
          if (count === 0) throw new InputError(`${this.name}: ended before its first picture`);
          return;
        }
        zero ??= frame.timestamp;
        yield { frame, isKey: count % GROUP === 0, timestamp: (frame.timestamp - zero) / 1e6 };
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#reader.cancel().catch(() => undefined);
  }
}

export const isLive = (input: unknown): input is MediaStream | MediaStreamTrack =>
  (typeof MediaStream !== 'undefined' && input instanceof MediaStream) ||
  (typeof MediaStreamTrack !== 'undefined' && input instanceof MediaStreamTrack);

/**
 * The pictures of a camera's or screen's track, which can be handed to a worker. Those that nobody reads in time are
 * dropped. Ending the stream leaves the track as it is.
 *
 * @throws InputError for a stream without video
 */
export function framesOf(input: MediaStream | MediaStreamTrack): ReadableStream<BrowserFrame> {
  const track = 'getVideoTracks' in input ? input.getVideoTracks()[0] : input;
  if (track?.kind !== 'video') throw new InputError('the stream: has no video track');
  if (typeof MediaStreamTrackProcessor !== 'undefined')
    return new MediaStreamTrackProcessor({ track: track as MediaStreamVideoTrack, maxBufferSize: 1 })
      .readable;
  return playedFrames(track);
}

/** Where browsers have no `MediaStreamTrackProcessor`: what a hidden player shows. */
function playedFrames(track: MediaStreamTrack): ReadableStream<BrowserFrame> {
  const player = document.createElement('video');
  player.muted = true;
  player.playsInline = true;
  player.srcObject = new MediaStream([track]);
  const stop = (): void => {
    player.pause();
    player.srcObject = null;
  };
  return new ReadableStream<BrowserFrame>(
    {
      start: () => player.play(),
      pull: (controller) =>
        new Promise<void>((resolve) => {
          track.addEventListener('ended', () => resolve(), { once: true });
          player.requestVideoFrameCallback((now) => {
            controller.enqueue(new VideoFrame(player, { timestamp: Math.round(1000 * now) }));
            resolve();
          });
        }).then(() => {
          if (track.readyState === 'ended') controller.close();
        }),
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}
