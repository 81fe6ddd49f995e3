import { MotionSource } from '@twnet/node/motion/motion-source';
import { MadeVideo, ScriptedNetworks } from '@twnet/testing/scripted-networks';
import { describe, expect, it } from 'vitest';
import type { SegmentOptions } from './segment-options.js';
import type { SegmentedFrame } from './segmented-frame.js';
import { segmentVideo } from './segmenter.js';

const codec = { keyFrames: { mode: 'codec' } } as const;

async function segmented(
  video: MadeVideo,
  networks: ScriptedNetworks | readonly ScriptedNetworks[],
  options: SegmentOptions = codec,
): Promise<SegmentedFrame[]> {
  const frames: SegmentedFrame[] = [];
  for await (const frame of segmentVideo(video, networks, options)) frames.push(frame);
  return frames;
}

// The networks are scripted: these tests are about which network runs, on what, in which order. Motion,
// residuals, warping and labels are the real ones.
describe('segmentVideo', () => {
  it('gives every frame once, in display order, with its own labels', async () => {
    const networks = new ScriptedNetworks();
    const frames = await segmented(new MadeVideo('IPPPIP'), networks);
    expect(networks.calls).toEqual(['K0', 'N1<0', 'N2<1', 'N3<2', 'K4', 'N5<4']);
    expect(frames.map((f) => f.frame.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(frames.map((f) => f.kind)).toEqual(['key', 'nonkey', 'nonkey', 'nonkey', 'key', 'nonkey']);
    expect(frames.map((f) => f.distance)).toEqual([0, 1, 2, 3, 0, 1]);
    for (const { frame, labels } of frames) {
      expect(labels).toEqual(new Uint8Array(32 * 32).fill(frame.index % 2));
    }
  });

  it('warps B-frames from the I- or P-frame before, and P-frames past them', async () => {
    const networks = new ScriptedNetworks();
    await segmented(new MadeVideo('IBBPBBP'), networks);
    expect(networks.calls).toEqual(['K0', 'N1<0', 'N2<0', 'N3<0', 'N4<3', 'N5<3', 'N6<3']);
    // Every byte of a frame is its index, nothing moves: the residual tells which frame it was taken against.
    expect(networks.residuals).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('warps every frame from the one before it where vectors were estimated', async () => {
    const networks = new ScriptedNetworks();
    await segmented(new MadeVideo('IBBP', 'estimate'), networks);
    expect(networks.calls).toEqual(['K0', 'N1<0', 'N2<1', 'N3<2']);
    expect(networks.residuals).toEqual([1, 1, 1]);
  });

  it('starts afresh after a discontinuity and where nothing can be warped', async () => {
    const networks = new ScriptedNetworks();
    await segmented(new MadeVideo('IPpPxP'), networks);
    expect(networks.calls).toEqual(['K0', 'N1<0', 'K2', 'N3<2', 'K4', 'N5<4']);
  });

  it('keeps the state of a key frame in every:N mode, and that of no B-frame', async () => {
    const networks = new ScriptedNetworks();
    await segmented(new MadeVideo('IBPBPBP'), networks, { keyFrames: { mode: 'every', n: 3 } });
    expect(networks.calls).toEqual(['K0', 'N1<0', 'N2<0', 'N3<2', 'K4', 'N5<4', 'N6<4']);
  });

  it('warps from the key frame at once where vectors are accumulated', async () => {
    const networks = new ScriptedNetworks();
    using motion = await MotionSource.open('accumulated', 32, 32);
    await segmented(new MadeVideo('IPPBPIP'), networks, { ...codec, motion });
    expect(networks.calls).toEqual(['K0', 'N1<0', 'N2<0', 'N3<0', 'N4<0', 'K5', 'N6<5']);
    // Nothing moves and every byte of a frame is its index: residuals are against the key frame.
    expect(networks.residuals).toEqual([1, 2, 3, 4, 1]);
  });

  it('warps along motion estimated from the pictures, over I-frames too', async () => {
    const networks = new ScriptedNetworks();
    using motion = await MotionSource.open('matching', 32, 32);
    const options = { keyFrames: { mode: 'every', n: 4 }, motion } as const;
    const frames = await segmented(new MadeVideo('IBPIxp'), networks, options);
    expect(networks.calls).toEqual(['K0', 'N1<0', 'N2<1', 'N3<2', 'K4', 'K5']);
    expect(frames[2].field?.coverage.every((share) => share === 1)).toBe(true);
  });

  it('takes key frames by their residual, and says so', async () => {
    const networks = new ScriptedNetworks();
    const frames = await segmented(new MadeVideo('IPPPIPPP'), networks, {
      keyFrames: { mode: 'adaptive', threshold: 1 },
    });
    // Every frame's residual is 1; the I-frame in the middle has no vectors to go by.
    expect(networks.calls).toEqual(['K0', 'N1<0', 'N2<1', 'K3', 'K4', 'N5<4', 'N6<5', 'K7']);
    const reasons = frames.filter(({ kind }) => kind === 'key').map(({ reason }) => reason);
    expect(reasons).toEqual(['start', 'residual', 'intra', 'residual']);
  });

  it('runs only the key-frame network for the per-frame network', async () => {
    const networks = new ScriptedNetworks();
    const frames = await segmented(new MadeVideo('IPB'), networks, { ...codec, perFrame: true });
    expect(networks.calls).toEqual(['K0', 'K1', 'K2']);
    expect(frames.every((f) => f.field === undefined && f.scores === undefined)).toBe(true);
  });

  it('reports motion, attention and times, and scores on demand', async () => {
    const [key, nonKey] = await segmented(new MadeVideo('IP'), new ScriptedNetworks(), {
      ...codec,
      keepScores: true,
    });
    expect(key.attention).toBeUndefined();
    expect(nonKey.attention?.length).toBe(64);
    expect(nonKey.field?.coverage.every((v) => v === 1)).toBe(true);
    expect(nonKey.residual?.data.length).toBe(3 * 64);
    expect(nonKey.scores?.length).toBe(2 * 64);
    expect(Object.keys(nonKey.timings).sort()).toEqual(['decode', 'labels', 'motion', 'network']);
    expect(Object.values(nonKey.timings).every((ms) => ms >= 0)).toBe(true);
  });

  it('reads a few frames ahead, no more, and closes the video when the loop is left', async () => {
    const video = new MadeVideo('I'.repeat(50));
    for await (const { frame } of segmentVideo(video, new ScriptedNetworks(), codec)) {
      if (frame.index === 4) break;
    }
    expect(video.taken).toBeGreaterThan(5);
    expect(video.taken).toBeLessThanOrEqual(4 + 1 + 1 + 3);
    expect(video.closed).toBe(true);
  });

  it('gives what came before the video broke, then its error', async () => {
    const video = new MadeVideo('IPPPPP', 'codec', 3);
    const seen: number[] = [];
    const run = async () => {
      for await (const { frame } of segmentVideo(video, new ScriptedNetworks(), codec))
        seen.push(frame.index);
    };
    await expect(run()).rejects.toThrow('the video broke');
    expect(seen).toEqual([0, 1, 2]);
  });

  it('throws what a network throws', async () => {
    const video = new MadeVideo('IPPPPP');
    await expect(segmented(video, new ScriptedNetworks(2))).rejects.toThrow('the network broke');
    expect(video.closed).toBe(true);
    // Not what that did to the frames after it, which had been started.
    await expect(segmented(new MadeVideo('IPPPPP'), new ScriptedNetworks(0))).rejects.toThrow(
      'the network broke',
    );
  });

  it('works on several groups at a time, each by networks of its own, with the same results in the same order', async () => {
    const letters = 'IPPPIPBPIPIIPPPP';
    const alone = await segmented(new MadeVideo(letters), new ScriptedNetworks());
    const lanes = [new ScriptedNetworks(), new ScriptedNetworks(), new ScriptedNetworks()];
    const frames = await segmented(new MadeVideo(letters), lanes);
    const without = ({ timings: _timings, ...rest }: SegmentedFrame) => rest;
    expect(frames.map(without)).toEqual(alone.map(without));
    // No call from the features of a frame that other networks have kept.
    const groups = [
      'K0 N1<0 N2<1 N3<2',
      'K4 N5<4 N6<5 N7<5',
      'K8 N9<8',
      'K10',
      'K11 N12<11 N13<12 N14<13 N15<14',
    ];
    const calls = lanes.map((lane) => lane.calls.join(' '));
    for (const group of groups) expect(calls.filter((line) => line.includes(group))).toHaveLength(1);
    expect(calls.map((line) => line.split(' ')[0]).toSorted()).toEqual(['K0', 'K4', 'K8']);
  });

  it('shares out the frames of the per-frame network', async () => {
    const lanes = [new ScriptedNetworks(), new ScriptedNetworks()];
    const frames = await segmented(new MadeVideo('IPBPPP'), lanes, { ...codec, perFrame: true });
    expect(frames.map(({ frame }) => frame.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(lanes.map(({ calls }) => calls.length)).toEqual([3, 3]);
  });

  it('reads no more than some frames ahead where a group has no end', async () => {
    const video = new MadeVideo(`I${'P'.repeat(400)}`);
    let ahead = 0;
    for await (const { frame } of segmentVideo(
      video,
      [new ScriptedNetworks(), new ScriptedNetworks()],
      codec,
    ))
      ahead = Math.max(ahead, video.taken - frame.index);
    expect(ahead).toBeGreaterThan(100);
    expect(ahead).toBeLessThanOrEqual(2 * 64 + 2 + 3 + 1);
  });

  it('begins no further frame once the loop is left, however many wait', async () => {
    const lanes = [new ScriptedNetworks(), new ScriptedNetworks()];
    const video = new MadeVideo(`I${'P'.repeat(30)}I${'P'.repeat(30)}`);
    for await (const { frame } of segmentVideo(video, lanes, codec)) if (frame.index === 2) break;
    expect(video.closed).toBe(true);
    expect(video.taken).toBeGreaterThan(10);
    const calls = () => lanes.map(({ calls }) => calls.length);
    expect(calls()[0]).toBeLessThanOrEqual(8);
    const before = calls();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls()).toEqual(before);
  });

  it('gives nothing for a video without frames and refuses networks of another size', async () => {
    expect(await segmented(new MadeVideo(''), new ScriptedNetworks())).toEqual([]);
    const other = new MadeVideo('I');
    other.info.width = 48;
    await expect(segmented(other, new ScriptedNetworks())).rejects.toThrow(/48×32/);
    await expect(segmented(new MadeVideo('I'), [])).rejects.toThrow(/no networks/);
  });
});
