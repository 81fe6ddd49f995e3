/** What FFmpeg's decoders hand out, by the plainest loop: for tests, and to measure against. */
import {
  AV_CODEC_FLAG2_EXPORT_MVS,
  AV_FRAME_DATA_MOTION_VECTORS,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib';

/** source, w, h, src_x, src_y, dst_x, dst_y, motion_x, motion_y, motion_scale: as mv-extractor has them. */
export type RawVector = readonly number[];

/** The vectors of every frame of a file, in display order. */
export async function rawVectors(path: string): Promise<RawVector[][]> {
  const frames: RawVector[][] = [];
  await decodeVectors(path, (sideData) => frames.push(sideData ? rowsOf(sideData) : []));
  return frames;
}

/** Decodes a file on this thread, with vectors; nothing is looked at but them. */
export async function decodeVectors(path: string, onFrame: (sideData: Buffer | null) => void): Promise<void> {
  await using container = new FormatContext();
  container.openInputSync(path, null, null);
  container.findStreamInfoSync(null);
  const stream = container.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO)!;
  using decoder = new CodecContext();
  const codec = Codec.findDecoder(stream.codecpar.codecId)!;
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.setFlags2(AV_CODEC_FLAG2_EXPORT_MVS);
  decoder.threadCount = 1;
  decoder.open2Sync(codec, null);
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  const receive = () => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      onFrame(frame.getSideData(AV_FRAME_DATA_MOTION_VECTORS));
      frame.unref();
    }
  };
  while (container.readFrameSync(packet) >= 0) {
    if (packet.streamIndex === stream.index) {
      decoder.sendPacketSync(packet);
      receive();
    }
    packet.unref();
  }
  decoder.sendPacketSync(null);
  receive();
}

function rowsOf(bytes: Buffer): RawVector[] {
  return Array.from({ length: bytes.length / 40 }, (_, i) => {
    const at = 40 * i;
    return [
      bytes.readInt32LE(at),
      bytes.readUInt8(at + 4),
      bytes.readUInt8(at + 5),
      ...[6, 8, 10, 12].map((field) => bytes.readInt16LE(at + field)),
      ...[24, 28].map((field) => bytes.readInt32LE(at + field)),
      bytes.readUInt16LE(at + 32),
    ];
  });
}
