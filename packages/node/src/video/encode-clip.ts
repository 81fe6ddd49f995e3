/** A short clip as the bytes of a raw MPEG-4 Part 2 stream, made in memory; {@link openVideo} reads them. */
import { Packet } from 'node-av/lib';
import { FromPlanarRgb } from './planar-rgb.js';
import { openMpeg4Encoder, type RecodeOptions } from './recode-clip.js';

/**
 * Encodes frames (planar 8-bit RGB, `3 × height × width` bytes each) as the paper's stream, without a container.
 * Even sizes only. To have the decoded frames at once, `recodeClip` is the shorter way.
 */
export function encodeClip(frames: readonly Uint8Array[], options: RecodeOptions): Uint8Array {
  using encoder = openMpeg4Encoder(options);
  using toYuv = new FromPlanarRgb(options.width, options.height, encoder.pixelFormat);
  using packet = new Packet();
  packet.alloc();
  const chunks: Buffer[] = [];
  const drain = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      chunks.push(Buffer.from(packet.data!));
      packet.unref();
    }
  };
  frames.forEach((pixels, index) => {
    const frame = toYuv.convertSync(pixels);
    frame.pts = BigInt(index);
    frame.quality = encoder.globalQuality;
    if (encoder.sendFrameSync(frame) < 0) throw new Error(`FFmpeg could not encode frame ${index} of a clip`);
    drain();
  });
  encoder.sendFrameSync(null);
  drain();
  return Buffer.concat(chunks);
}
