import { untrainedNetworks } from '@twnet/core/model/untrained';
import { seededRandom } from '@twnet/core/random';
import { segmenterCard } from '@twnet/testing/made-segmenter';
import { expect, it } from 'vitest';
import { throughputLines } from '../cli/throughput-lines.js';
import { perFrameAt, pointsOf } from '../methods/network-methods.js';
import type { LabelledFrame, OpenedMethod } from '../methods/stream-method.js';
import { describeMachine } from '../stamp/machine.js';
import { measureThroughput } from './throughput.js';
import { timeStages } from './time-stages.js';

it('times per frame and points in turns, speeds against the reference of the same round', async () => {
  const card = segmenterCard({ fast: { propagated: 'scores', divisor: 4, hidden: 8 } } as const);
  const model = untrainedNetworks('efficientvit-b0', card, seededRandom(1));
  const reference = perFrameAt(model, 1, { threads: 1 });
  const methods = [reference, ...pointsOf(model, { threads: 1 })];
  const done: number[] = [];
  const size = { width: 64, height: 48 };
  const measured = await measureThroughput(
    { methods, reference, size, gop: 3, groups: 2, rounds: 2 },
    (frames, total) => done.push(frames / total),
  );
  expect(done.at(-1)).toBe(1);
  const [perFrame, fast] = measured;
  expect(perFrame.speedUp.rounds).toEqual([1, 1]);
  expect(perFrame.stages.key!.network).toBeGreaterThan(0);
  expect(perFrame.stages.nonKey).toBeNull();
  expect(fast.stages.nonKey!.network).toBeGreaterThan(0);
  fast.milliseconds.rounds.forEach((milliseconds, round) => {
    expect(fast.speedUp.rounds[round]).toBeCloseTo(perFrame.milliseconds.rounds[round] / milliseconds, 10);
  });
  expect(fast.framesPerSecond).toBeCloseTo(1000 / fast.milliseconds.median, 10);
  const report = { ...size, gop: 3, rounds: 2, machine: describeMachine(), methods: measured };
  const text = throughputLines(report).join('\n');
  expect(text).toMatch(/^per frame +[\d.]+ \([\d.]+–[\d.]+\) +[\d.]+ +1\.00 \(1\.00–1\.00\)$/m);
  expect(text).toMatch(/^fast, non-key( +[\d.]+){4}$/m);
});

it('means of stages are of the frames after the warm-up, by kind', async () => {
  let reading = 0;
  const opened: OpenedMethod = {
    async *labels() {
      reading += 1;
      for (let index = 0; index < 5; index++) {
        const timings = { decode: index, motion: reading, network: 10, labels: 1 };
        const kind = index % 2 === 0 ? 'key' : 'nonkey';
        yield { frame: { index }, labels: new Uint8Array(1), kind, timings } as LabelledFrame;
      }
    },
    close: async () => undefined,
  };
  const { stages } = await timeStages(opened, 'made', { frames: 5, gop: 2 });
  expect(stages).toEqual({
    key: { decode: 2, motion: 2, network: 10, labels: 1 },
    nonKey: { decode: 2, motion: 2, network: 10, labels: 1 },
  });
});
