import { onnxEngine } from '@twnet/node/engine/session';
import { Model } from '@twnet/node/model/model';
import { Networks } from '@twnet/node/networks/networks';
import { segmenterCard } from '@twnet/testing/made-segmenter';
import { describe, expect, it } from 'vitest';
import { untrainedNetworks } from '../model/untrained.js';
import { gridSize } from '../motion/grid.js';
import { seededRandom } from '../random.js';
import type { Engine, EngineOptions } from './engine.js';
import { openNetworks } from './networks.js';

const model = await Model.open('camvid-mobilenet-v1');
const size = { width: 64, height: 48 };
const options = { ...size, layer: 2, threads: 1 } as const;
const pixels = (seed: number) =>
  Uint8Array.from({ length: 3 * size.width * size.height }, (_, i) => (i * (7 + seed) + (i >> 6)) % 251);
const { rows, columns } = gridSize(size.width, size.height, 8);
const dx = new Float32Array(rows * columns).fill(5);
const field = { rows, columns, stride: 8, dx, dy: dx };
const residual = new Float32Array(3 * rows * columns).fill(9);

/** Runs nothing: the first class wins everywhere. What it has open, and how often it ran. */
function idleEngine(failAt = Number.POSITIVE_INFINITY) {
  const counts = { open: 0, runs: 0 };
  const engine: Engine = {
    async open() {
      counts.open++;
      return {
        async run(_feeds, into = {}) {
          if (++counts.runs >= failAt) throw new Error('out of paper');
          (into.scores as Float32Array).fill(0);
          return { scores: into.scores, context: into.context };
        },
        async close() {
          counts.open--;
        },
      };
    },
  };
  return { engine, counts };
}

describe('networks over an engine', () => {
  it('give in this thread what they give in one of their own', async () => {
    await using here = await openNetworks(model, options, { engine: onnxEngine });
    await using there = await Networks.open(model, options);
    const all = { scores: true, context: true };
    const results = await Promise.all(
      [here, there].map(async (networks) => {
        const stream = networks.begin();
        const key = stream.keyFrame(pixels(1), { keep: true, ...all });
        const next = stream.nonKeyFrame(pixels(2), field, residual, { keep: true, ...all });
        const last = stream.nonKeyFrame(pixels(3), field, residual, all);
        return (await Promise.all([key, next, last])).map(({ milliseconds: _, ...result }) => result);
      }),
    );
    expect(results[0]).toEqual(results[1]);
    expect(here.digest).toBe(there.digest);
    expect(new Set(results[0][0].labels).size).toBeGreaterThan(1);
  });

  it('read what they are given before a call returns', async () => {
    const { engine } = idleEngine();
    const seen: number[] = [];
    const watching: Engine = {
      async open(graph, given) {
        const opened = await engine.open(graph, given);
        return {
          ...opened,
          run: (feeds, into) => {
            seen.push((feeds.image as Uint8Array)[0]);
            return opened.run(feeds, into);
          },
        };
      },
    };
    await using networks = await openNetworks(model, options, { engine: watching });
    const mine = pixels(0).fill(3);
    const first = networks.keyFrame(mine);
    mine.fill(4);
    const second = networks.keyFrame(mine);
    mine.fill(5);
    await Promise.all([first, second]);
    expect(seen).toEqual([3, 4]);
  });

  it('close what is open, refuse frames from then on, and say what the engine said', async () => {
    const { engine, counts } = idleEngine(2);
    const networks = await openNetworks(model, options, { engine });
    expect(counts.open).toBe(2);
    const { labels } = await networks.keyFrame(pixels(0));
    expect(labels.every((label) => label === 0)).toBe(true);
    await expect(networks.keyFrame(pixels(0))).rejects.toThrow('the network could not run: out of paper');
    const late = networks.keyFrame(pixels(0));
    const refused = expect(late).rejects.toThrow(/networks were closed|out of paper/);
    await networks.close();
    await refused;
    expect(counts.open).toBe(0);
    await expect(networks.keyFrame(pixels(0))).rejects.toThrow('the networks are closed; open them again');
  });

  it('leave a core to decoding where frames between key frames cost little', async () => {
    const { engine } = idleEngine();
    const points = {
      accurate: { propagated: 'scores', divisor: 2, hidden: 32 },
      fast: { propagated: 'scores', divisor: 4, hidden: 32 },
    } as const;
    const random = seededRandom(1);
    const corrected = untrainedNetworks('efficientvit-b0', segmenterCard(points), random);
    const warped = untrainedNetworks('efficientvit-b0', segmenterCard(), random);
    const spared = async (more: { speed: 'accurate' | 'fast' }, segmenter = corrected) => {
      const given: EngineOptions[] = [];
      const watching: Engine = {
        open(graph, options) {
          given.push(options);
          return engine.open(graph, options);
        },
      };
      await using _ = await openNetworks(segmenter, { ...size, ...more }, { engine: watching });
      return given.map(({ threads, spareCores = 0 }) => [threads, spareCores]);
    };
    expect(await spared({ speed: 'fast' })).toEqual([
      [undefined, 0],
      [undefined, 1],
    ]);
    expect(await spared({ speed: 'accurate' })).toEqual([
      [undefined, 0],
      [undefined, 0],
    ]);
    // Key frames, where all others are only warped: few of them beside much decoding, or one in four.
    expect(await spared({ speed: 'fast' }, warped)).toEqual([[undefined, 1]]);
    expect(await spared({ speed: 'accurate' }, warped)).toEqual([[undefined, 0]]);
  });
});
