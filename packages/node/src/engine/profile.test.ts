import { describe, expect, it } from 'vitest';
import { sumProfile } from './profile.js';

const run = (ts: number) => ({ cat: 'Session', name: 'model_run', ts, dur: 100 });
const kernel = (operator: string, ts: number, dur: number) => ({
  cat: 'Node',
  name: `${operator}_1_kernel_time`,
  ts,
  dur,
  args: { op_name: operator },
});

describe('sumProfile', () => {
  // ONNX Runtime writes a run's own event after those of its operators.
  const events = [
    { cat: 'Session', name: 'session_initialization', ts: 0, dur: 50 },
    { cat: 'Node', name: 'Conv_1_fence_before', ts: 101, dur: 1, args: { op_name: 'Conv' } },
    ...[kernel('Conv', 110, 9000), run(100)],
    ...[kernel('Conv', 210, 3000), kernel('Conv', 220, 1000), kernel('Add', 230, 2000), run(200)],
    ...[kernel('Conv', 310, 3000), kernel('Conv', 320, 1000), kernel('Add', 330, 2000), run(300)],
  ];

  it('gives milliseconds and calls a run, most first, the warm-up left out', () => {
    expect(sumProfile(events, 1)).toEqual([
      { operator: 'Conv', milliseconds: 4, share: 8 / 12, calls: 2 },
      { operator: 'Add', milliseconds: 2, share: 4 / 12, calls: 1 },
    ]);
  });

  it('counts every run without a warm-up', () => {
    const [conv, add] = sumProfile(events);
    expect(conv).toMatchObject({ operator: 'Conv', milliseconds: 17 / 3, calls: 5 / 3 });
    expect(add.share + conv.share).toBeCloseTo(1, 12);
  });
});
