/** The demo's clip: a rendered street as the paper's stream, with its exact labels. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { StreetScene } from '@twnet/street/street-scene';

export const FRAME_RATE = 15;
/** Frames from one I-frame to the next, as the paper has them. */
export const GROUP = 12;

export interface SceneOptions {
  readonly frames: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly seed: number;
}

/** Label maps, packed: a long scene's would fill the memory. */
export class PackedLabels {
  private readonly maps: Uint8Array[] = [];

  get length(): number {
    return this.maps.length;
  }

  push(labels: Uint8Array): void {
    this.maps.push(deflateRawSync(labels, { level: 1 }));
  }

  at(index: number): Uint8Array {
    return new Uint8Array(inflateRawSync(this.maps[index]));
  }
}

/** Writes the scene as a video; gives its labels. */
export async function renderScene(
  path: string,
  { size, frames, seed }: SceneOptions,
  onFrame: (done: number) => void,
): Promise<PackedLabels> {
  await using writer = await encodeVideo({ output: path, ...size, frameRate: FRAME_RATE, gop: GROUP });
  const labels = new PackedLabels();
  for (const frame of new StreetScene({ ...size, seed, frameRate: FRAME_RATE }).frames(frames)) {
    await writer.write(frame.pixels);
    labels.push(frame.labels);
    onFrame(labels.length);
  }
  await writer.finish();
  return labels;
}
