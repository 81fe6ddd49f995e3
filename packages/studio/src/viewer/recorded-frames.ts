/** Frames of a recording as pixels and labels, those around the one that is shown. */
import type { RecordedFrame, Recording } from '@twnet/core/segment/recording';

/** Frames that are kept, at most. */
const MOST = 32;

export interface UnpackedFrame {
  /** Planar RGB. */
  readonly pixels: Uint8Array;
  /** Of each way. */
  readonly labels: readonly Uint8Array[];
  readonly truth: Uint8Array | undefined;
}

export class RecordedFrames {
  readonly #unpacked = new Map<number, UnpackedFrame>();
  readonly #under = new Map<number, Promise<UnpackedFrame>>();

  constructor(readonly recording: Recording) {}

  get(index: number): UnpackedFrame | undefined {
    return this.#unpacked.get(index);
  }

  /** @throws Error where the browser cannot read what the page holds */
  load(index: number): Promise<UnpackedFrame> {
    const known = this.#unpacked.get(index);
    if (known) return Promise.resolve(known);
    let loading = this.#under.get(index);
    if (!loading) {
      loading = this.#unpack(this.recording.frames[index]).then((frame) => {
        this.#unpacked.set(index, frame);
        if (this.#unpacked.size > MOST) this.#unpacked.delete(this.#unpacked.keys().next().value!);
        return frame;
      });
      this.#under.set(index, loading);
      const done = (): unknown => this.#under.delete(index);
      loading.then(done, done);
    }
    return loading;
  }

  async #unpack({ picture, labels, truth }: RecordedFrame): Promise<UnpackedFrame> {
    const { width, height } = this.recording;
    const [pixels, exact, ...ways] = await Promise.all([
      planesOf(picture, width, height),
      truth === undefined ? undefined : inflated(truth),
      ...labels.map(inflated),
    ]);
    return { pixels, truth: exact, labels: ways };
  }
}

export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

async function inflated(base64: string): Promise<Uint8Array> {
  const packed = new Blob([bytesOf(base64)]).stream();
  return new Uint8Array(
    await new Response(packed.pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer(),
  );
}

async function planesOf(uri: string, width: number, height: number): Promise<Uint8Array> {
  const image = new Image();
  image.src = uri;
  await image.decode();
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const area = width * height;
  const planes = new Uint8Array(3 * area);
  for (let i = 0; i < area; i++) {
    planes[i] = data[4 * i];
    planes[i + area] = data[4 * i + 1];
    planes[i + 2 * area] = data[4 * i + 2];
  }
  return planes;
}
