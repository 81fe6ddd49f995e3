/** The whole video with its labels over it, encoded by the browser. */
import { InputError } from '@twnet/core/errors';
import type { StudioRequest } from '../messages.js';
import { LabelRenderer } from '../render/label-renderer.js';
import type { Session } from './session.js';

const FORMATS = {
  mp4: { codecs: ['avc', 'hevc', 'av1'], type: 'video/mp4' },
  webm: { codecs: ['vp9', 'vp8', 'av1'], type: 'video/webm' },
} as const;

/** @throws InputError where the browser encodes nothing that the container takes; the signal's reason */
export async function exportVideo(
  session: Session,
  { format, look }: Extract<StudioRequest, { kind: 'export' }>,
  signal: AbortSignal,
  onDone: (share: number) => void,
): Promise<File> {
  const {
    BufferTarget,
    CanvasSource,
    getFirstEncodableVideoCodec,
    Mp4OutputFormat,
    Output,
    QUALITY_HIGH,
    WebMOutputFormat,
  } = await import('mediabunny');
  const { opened, index } = session;
  const { codecs, type } = FORMATS[format];
  // Encoders take even sides.
  const [width, height] = [opened.size.width & ~1, opened.size.height & ~1];
  const codec = await getFirstEncodableVideoCodec([...codecs], { width, height });
  if (!codec)
    throw new InputError(
      `this browser encodes nothing for ${format}; choose the other format, or another browser`,
    );
  const canvas = new OffscreenCanvas(width, height);
  const renderer = new LabelRenderer(canvas, opened.palette);
  const target = new BufferTarget();
  const output = new Output({
    format: format === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(),
    target,
  });
  const source = new CanvasSource(canvas, { codec, bitrate: QUALITY_HIGH });
  output.addVideoTrack(source);
  await output.start();
  const total = index?.times.length ?? 1;
  try {
    for await (const { index: at, segmented } of session.run(0, {
      compares: false,
      confidence: false,
      signal,
    })) {
      const { frame, labels } = segmented;
      renderer.show({ pixels: frame.pixels, size: opened.frame, labels, labelSize: opened.labels });
      renderer.draw({ ...look, layer: 'labels' });
      await source.add(frame.timestamp, frame.duration ?? 1 / 30);
      onDone((at + 1) / total);
    }
    await output.finalize();
  } catch (error) {
    await output.cancel().catch(() => undefined);
    throw error;
  } finally {
    renderer.close();
  }
  const name = `${opened.name.replace(/\.\w+$/, '')}-segmented.${format}`;
  return new File([target.buffer!], name, { type });
}
