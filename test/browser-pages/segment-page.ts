/** What web.test.ts opens in a browser: `twnet/web`, as a page uses it. */
import { framesOf, LivePictures, segment, type VideoInput } from 'twnet/web';
import type { Found, FoundFrame, Options, SegmentPage } from './found.js';

const MODEL = { model: 'models/cityscapes', provider: 'wasm' } as const;

async function packed(labels: Uint8Array): Promise<string> {
  const stream = new Blob([labels.slice()]).stream().pipeThrough(new CompressionStream('deflate'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

async function labelsOf(
  input: VideoInput,
  options: Options,
  most = Number.POSITIVE_INFINITY,
): Promise<Found> {
  const segmentation = await segment(input, { ...MODEL, ...options });
  const { labelSize, info } = segmentation;
  const frames: FoundFrame[] = [];
  for await (const { frame, kind, distance, labels } of segmentation) {
    const { timestamp, pictureType: type } = frame;
    frames.push({ kind, distance, type, timestamp, labels: await packed(labels) });
    if (frames.length === most) break;
  }
  return { ...labelSize, codec: info.codec, isolated: crossOriginIsolated, frames };
}

const fileAt = async (address: string): Promise<File> =>
  new File([await (await fetch(address)).blob()], address.split('/').at(-1)!);

const page: SegmentPage = {
  /** A file's labels. */
  file: async (address: string, options: Options) => labelsOf(await fileAt(address), options),
  /** What is said of a file that cannot be segmented. */
  refusal: async (address: string, options: Options = {}) =>
    page.file(address, options).then(
      () => 'nothing',
      (error: Error) => `${error.name}: ${error.message}`,
    ),
  address: (address: string, options: Options) => labelsOf(address, options),
  /** The browser's camera, by its stream or by the frames of its track. */
  async camera(how: 'stream' | 'frames' | 'player', most: number, options: Options) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 160, height: 120 } });
    if (how === 'player') Reflect.deleteProperty(globalThis, 'MediaStreamTrackProcessor');
    const input = how === 'stream' ? stream : new LivePictures('the camera', framesOf(stream));
    const found = await labelsOf(input, options, most);
    for (const track of stream.getTracks()) track.stop();
    return found;
  },
};

Object.assign(globalThis, { page });
