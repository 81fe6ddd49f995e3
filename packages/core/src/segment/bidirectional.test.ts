import { MadeVideo, ScriptedNetworks } from '@twnet/testing/scripted-networks';
import { describe, expect, it } from 'vitest';
import type { SegmentOptions } from './segment-options.js';
import type { SegmentedFrame } from './segmented-frame.js';
import { segmentVideo } from './segmenter.js';

const both = (failAt = -1): ScriptedNetworks => new ScriptedNetworks(failAt, { bidirectional: true });

async function segmented(
  letters: string | MadeVideo,
  networks: ScriptedNetworks | readonly ScriptedNetworks[],
  options: SegmentOptions = {},
): Promise<SegmentedFrame[]> {
  const video = typeof letters === 'string' ? new MadeVideo(letters) : letters;
  const frames: SegmentedFrame[] = [];
  for await (const frame of segmentVideo(video, networks, options)) frames.push(frame);
  return frames;
}

/** What a frame was made of, rounded: the kept feature of a key frame is its index, so a mixture tells the shares. */
const rounded = (calls: readonly string[]): string[] =>
  calls.map((call) => call.replace(/<(.*)/, (_, value) => `<${Math.round(100 * Number(value)) / 100}`));

// The networks are scripted, every byte of a frame is its index, nothing moves: |residual| is the distance in frames.
describe('segmentVideo with networks that warp from both key frames', () => {
  it('has frames wait for the key frame after them, and mixes both by distance and residual', async () => {
    const networks = both();
    const frames = await segmented('IPPIPP', networks);
    // Frame 1: a = (2/3) / (1 + 3), b = (1/3) / (2 + 3); frame 2 the other way round. The last two have none after them.
    const share = 1 / 3 / 5 / (1 / 3 / 5 + 2 / 3 / 4);
    expect(rounded(networks.calls)).toEqual(
      rounded(['K0', 'K3', `N1<${3 * share}`, `N2<${3 * (1 - share)}`, 'N4<3', 'N5<3']),
    );
    expect(frames.map(({ frame }) => frame.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(frames.map(({ following }) => following !== undefined)).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
    // The smaller one of both residuals.
    expect(networks.residuals).toEqual([1, 1, 1, 2]);
    for (const { frame, labels } of frames)
      expect(labels).toEqual(new Uint8Array(32 * 32).fill(frame.index % 2));
  });

  it('warps B-frames from both, of which none is traced through another', async () => {
    const networks = both();
    await segmented('IBPBI', networks);
    expect(networks.calls.map((call) => call.split('<')[0])).toEqual(['K0', 'K4', 'N1', 'N2', 'N3']);
    expect(networks.residuals).toEqual([1, 2, 1]);
  });

  it('looks no further than it is told, and not at all with lookahead 0', async () => {
    const networks = both();
    const frames = await segmented('IPPPPI', networks, { lookahead: 2 });
    expect(frames.map(({ following }) => following !== undefined)).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(networks.calls.slice(0, 3)).toEqual(['K0', 'N1<0', 'N2<0']);
    const forward = both();
    await segmented('IPPI', forward, { lookahead: 0 });
    expect(forward.calls).toEqual(['K0', 'N1<0', 'N2<0', 'K3']);
  });

  it('mixes nothing over a discontinuity', async () => {
    const networks = both();
    await segmented('IPPiPI', networks);
    expect(networks.calls.slice(0, 4)).toEqual(['K0', 'N1<0', 'N2<0', 'K3']);
    expect(networks.calls[4]).toBe('K5');
  });

  it('gives the same with several networks, each of which works on groups of its own', async () => {
    const letters = 'IPPPIPBPIPIIPPPPIP';
    const alone = await segmented(letters, both());
    const frames = await segmented(letters, [both(), both(), both()]);
    const without = ({ timings: _timings, ...rest }: SegmentedFrame) => rest;
    expect(frames.map(without)).toEqual(alone.map(without));
  });

  it('gives what came before the video broke, and throws what a network throws', async () => {
    const video = new MadeVideo('IPPPPP', 'codec', 3);
    const seen: number[] = [];
    const run = async () => {
      for await (const { frame } of segmentVideo(video, both())) seen.push(frame.index);
    };
    await expect(run()).rejects.toThrow('the video broke');
    expect(seen).toEqual([0, 1, 2]);
    for (const lanes of [[both(3)], [both(3), both(3)]])
      await expect(segmented('IPPIPPI', lanes)).rejects.toThrow('the network broke');
  });

  it('reads one group ahead, no more', async () => {
    const video = new MadeVideo('IPPPIPPPIPPPIPPPIPPPIPPPIPPPIPPP');
    for await (const { frame } of segmentVideo(video, both())) if (frame.index === 4) break;
    expect(video.taken).toBeLessThanOrEqual(4 + 4 + 4 + 4 + 6);
    expect(video.closed).toBe(true);
  });
});
