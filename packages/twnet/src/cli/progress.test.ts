import { expect, describe as group, it } from 'vitest';
import { describe, formatDuration } from './progress.js';

group('progress text', () => {
  it('gives rate and time left', () => {
    expect(describe(120, 500, 10, 'frames', '')).toBe('120/500 frames, 12.0 a second, 0:32 left');
    expect(describe(2, 4, 10, 'steps', 'loss 0.5')).toBe('2/4 steps, 5.0 s each, 0:10 left, loss 0.5');
  });

  it('claims nothing that is not known', () => {
    expect(describe(0, 500, 0, 'frames', '')).toBe('0/500 frames');
    expect(describe(30, undefined, 10, 'frames', '')).toBe('30 frames, 3.0 a second');
    expect(describe(500, 500, 10, 'frames', '')).toBe('500/500 frames, 50.0 a second');
  });

  it('counts only this run’s units towards the rate', () => {
    expect(describe(120, 500, 10, 'steps', '', 100)).toBe('120/500 steps, 2.0 a second, 3:10 left');
    expect(describe(100, 500, 10, 'steps', '', 100)).toBe('100/500 steps');
  });

  it('writes durations as clocks do', () => {
    expect([0, 5.4, 65, 3600, 3725.6].map(formatDuration)).toEqual([
      '0:00',
      '0:05',
      '1:05',
      '1:00:00',
      '1:02:06',
    ]);
  });
});
