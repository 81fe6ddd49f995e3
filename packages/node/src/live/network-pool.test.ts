import { openingFor } from '@twnet/core/runtime/frame-sizes';
import { describe, expect, it } from 'vitest';
import { Model } from '../model/model.js';
import type { VideoInfo } from '../video/video-info.js';
import { NetworkPool } from './network-pool.js';

const model = await Model.open();
const sized = (side: number) =>
  ({ width: side, height: side, keyWidth: side, keyHeight: side, scale: 1 }) as VideoInfo;

describe('networks for cameras', () => {
  it('are shared by size, kept for a source that comes back, and closed with the pool', async () => {
    expect(openingFor(model.card).scale).toBe('auto');
    let kept: Awaited<ReturnType<NetworkPool['take']>>;
    {
      await using pool = new NetworkPool(model, { threads: 1 });
      pool.prepare();
      const first = await pool.take(sized(64));
      const second = await pool.take(sized(64));
      expect(second.networks).toBe(first.networks);
      await first.release();
      await second.release();
      kept = await pool.take(sized(64));
      expect(kept.networks).toBe(first.networks);
      await kept.release();
      // Those of another size take their place.
      const other = await pool.take(sized(96));
      await other.release();
      await expect(first.networks.keyFrame(new Uint8Array(3 * 64 * 64))).rejects.toThrow(/closed/);
      kept = await pool.take(sized(96));
      expect(kept.networks).toBe(other.networks);
    }
    await expect(kept.networks.keyFrame(new Uint8Array(3 * 96 * 96))).rejects.toThrow(/closed/);
  });

  it('that nobody asked for leave nothing running', async () => {
    await using pool = new NetworkPool(model);
    pool.prepare();
  });
});
