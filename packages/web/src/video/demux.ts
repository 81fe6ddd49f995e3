/** A file's video track, by mediabunny. */
import { InputError, messageOf } from '@twnet/core/errors';
import type { Input, InputVideoTrack, Source } from 'mediabunny';

/** Loaded with the first file: cameras need none of it. */
export type Mediabunny = typeof import('mediabunny');

/** A file, its address, its bytes or a stream of them. */
export type FileInput = Blob | string | URL | ArrayBuffer | Uint8Array | ReadableStream<Uint8Array>;

export interface OpenedTrack {
  readonly mediabunny: Mediabunny;
  readonly name: string;
  readonly input: Input;
  readonly track: InputVideoTrack;
  readonly config: VideoDecoderConfig;
}

const CONTAINERS = 'MP4, MOV, WebM, MKV or MPEG-TS';
/** What browsers decode. */
const CODECS = 'H.264, VP9 or AV1';

/** @throws InputError for what is no video, has none, or is coded in a way that this browser does not decode */
export async function openTrack(file: FileInput): Promise<OpenedTrack> {
  const name = nameOf(file);
  const mediabunny = await import('mediabunny');
  const input = new mediabunny.Input({ source: sourceOf(file, mediabunny), formats: mediabunny.ALL_FORMATS });
  try {
    const track = await trackOf(input, name);
    return { mediabunny, name, input, track, config: await configOf(track, name) };
  } catch (error) {
    input.dispose();
    throw error;
  }
}

async function trackOf(input: Input, name: string): Promise<InputVideoTrack> {
  let track: InputVideoTrack | null;
  try {
    // Of files of a few bytes it says that they end too early.
    if (!(await input.canRead().catch(() => false)))
      throw new InputError(`${name}: is no video that can be read here; convert it to ${CONTAINERS}`);
    track = await input.getPrimaryVideoTrack();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: cannot be read as a video (${messageOf(error)}); is it damaged?`);
  }
  if (!track) throw new InputError(`${name}: has no video, choose a file that has`);
  return track;
}

async function configOf(track: InputVideoTrack, name: string): Promise<VideoDecoderConfig> {
  if (typeof VideoDecoder === 'undefined')
    throw new InputError(
      `${name}: this browser has no WebCodecs, by which videos are decoded; use a newer one, over https or localhost`,
    );
  const codec = await track.getCodec();
  const config = codec === null ? null : await track.getDecoderConfig();
  const what = codec ?? (track.internalCodecId === null ? 'unknown' : String(track.internalCodecId));
  if (!config)
    throw new InputError(`${name}: browsers do not decode its codec (${what}); convert it to ${CODECS}`);
  const { supported } = await VideoDecoder.isConfigSupported(config).catch(() => ({ supported: false }));
  if (!supported)
    throw new InputError(
      `${name}: this browser does not decode its codec (${what}, ${config.codec}); convert it to ${CODECS}, or use another browser`,
    );
  return config;
}

function sourceOf(
  file: FileInput,
  { BlobSource, BufferSource, ReadableStreamSource, UrlSource }: Mediabunny,
): Source {
  if (file instanceof Blob) return new BlobSource(file);
  if (typeof file === 'string' || file instanceof URL)
    return new UrlSource(new URL(file, globalThis.location?.href));
  if (file instanceof ReadableStream) return new ReadableStreamSource(file);
  return new BufferSource(file);
}

function nameOf(file: FileInput): string {
  if (typeof File !== 'undefined' && file instanceof File) return file.name;
  if (typeof file === 'string' || file instanceof URL) return String(file);
  return file instanceof ReadableStream ? 'the stream' : 'the video';
}
