/** Motion as files, against what FFmpeg's decoders hand out, read back by readers that share no code with the writers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { NO_MOTION } from '@twnet/core/frame';
import { denseMotion } from '@twnet/core/motion/dense-motion';
import { residualMap } from '@twnet/core/motion/residual-map';
import { writeMotion } from '@twnet/node/extract/write-motion';
import type { EncodeOptions } from '@twnet/node/video/encode-video';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { rawVectors } from './raw-vectors.js';
import { floatsOf, type NpyArray, readNpz, recordsOf, textOf } from './read-npz.js';

const [WIDTH, HEIGHT] = [160, 100];
const H264_B = {
  bf: '2',
  'x264-params': 'b-adapt=0:b-pyramid=normal:ref=3:direct=auto:partitions=all:weightb=1:8x8dct=1',
};

/** The rows of each frame, without its number. */
function rowsByFrame({ frames, vectors }: Record<'frames' | 'vectors', NpyArray>): number[][][] {
  const all = recordsOf(vectors);
  return recordsOf(frames).map(({ first, count }, index) =>
    all.slice(Number(first), Number(first) + Number(count)).map((row) => {
      expect(row.frame).toBe(index);
      const names = [
        'source',
        'w',
        'h',
        'src_x',
        'src_y',
        'dst_x',
        'dst_y',
        'motion_x',
        'motion_y',
        'motion_scale',
      ];
      return names.map((name) => Number(row[name]));
    }),
  );
}

const arraysOf = (path: string) =>
  Object.fromEntries(readNpz(path)) as Record<'frames' | 'vectors' | string, NpyArray>;

describe('vectors', () => {
  it.each([
    ['MPEG-4', [4, -3], {}, 'IPPPPPP'],
    ['MPEG-4, quarter pixels', [1.25, -0.75], { encoder: { options: { flags: '+qpel' } } }, 'IPPPPPP'],
    ['MPEG-4, four vectors a macroblock', [2.5, 1], { encoder: { options: { flags: '+mv4' } } }, 'IPPPPPP'],
    ['H.264, B-frames', [2.3, -1.4], { codec: 'h264', quality: 24, encoder: { options: H264_B } }, 'IBBPBBP'],
    [
      'MPEG-2, B-frames',
      [2, -1],
      { encoder: { name: 'mpeg2video', options: { b: '3M', bf: '2', b_strategy: '0' } } },
      'IBBPBBP',
    ],
  ] as [
    string,
    [number, number],
    Partial<EncodeOptions>,
    string,
  ][])('are those of the decoder, every one: %s', async (_name, motion, options, types) => {
    using folder = new TestFolder();
    const [input, npz, lines] = ['a.mkv', 'a.npz', 'a.jsonl'].map((name) => folder.at(name));
    await writeClip(input, movingTexture(WIDTH, HEIGHT, 7, ...motion), options);
    const raw = await rawVectors(input);
    const summary = await writeMotion(input, npz);
    const count = raw.reduce((sum, rows) => sum + rows.length, 0);
    expect(count).toBeGreaterThan(100);
    expect(summary).toMatchObject({ vectors: count, complete: true, motionSource: 'codec', losses: [] });
    const arrays = arraysOf(npz);
    expect(rowsByFrame(arrays)).toEqual(raw);
    const frames = recordsOf(arrays.frames);
    expect(frames.map(({ type }) => type).join('')).toBe(types);
    for (const [i, { time }] of frames.entries()) expect(time).toBeCloseTo(i / 25, 2);
    expect(frames.map(({ discontinuity }) => discontinuity)).toEqual([1, 0, 0, 0, 0, 0, 0]);
    const sources = new Set(recordsOf(arrays.vectors).map(({ source }) => source));
    expect([...sources].sort()).toEqual(types.includes('B') ? [-1, 1] : [-1]);

    await writeMotion(input, lines);
    const parsed = readFileSync(lines, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(parsed.map(({ vectors }) => vectors)).toEqual(raw);
    expect(parsed.map(({ type }) => type).join('')).toBe(types);
    expect(parsed[3]).toMatchObject({ frame: 3, width: WIDTH, height: HEIGHT, discontinuity: false });
    expect(parsed[3].time).toBe(frames[3].time);
  });

  it('are of the picture as it is shown, with the unit that they were coded in', async () => {
    using folder = new TestFolder();
    const output = folder.at('turned.mov');
    await makeStream(movingTexture(96, 64, 3, 4, -3), { output, encoder: 'mpeg4', matrix: [0, 1, -1, 0] });
    await writeMotion(output, folder.at('turned.npz'));
    const rows = recordsOf(arraysOf(folder.at('turned.npz')).vectors);
    // Turned clockwise, what went right goes down and what went up goes right; motion leads to where it came from.
    const inside = rows.filter(({ dst_x, dst_y }) => dst_x === 40 && dst_y === 56);
    expect(inside).toHaveLength(2);
    for (const row of inside)
      expect(row).toMatchObject({ src_x: 37, src_y: 52, motion_x: -6, motion_y: -8, motion_scale: 2 });
  });

  it('of equal videos give equal files', async () => {
    using folder = new TestFolder();
    await writeClip(folder.at('a.mp4'), movingTexture(96, 64, 4, 3, 1));
    for (const name of ['1.npz', '2.npz']) await writeMotion(folder.at('a.mp4'), folder.at(name));
    expect(readFileSync(folder.at('1.npz')).equals(readFileSync(folder.at('2.npz')))).toBe(true);
  });
});

describe('maps', () => {
  it('are dense motion and residual of every frame', async () => {
    using folder = new TestFolder();
    const [input, npz, lines] = ['a.mkv', 'a.npz', 'a.jsonl'].map((name) => folder.at(name));
    const encoder = { options: { bf: '1', 'x264-params': 'b-adapt=0:weightb=0:ref=1' } };
    await writeClip(input, movingTexture(WIDTH, HEIGHT, 5, 4, -3), { codec: 'h264', quality: 10, encoder });
    const { frames, types } = await readAll(input);
    expect(types).toBe('IBPBP');
    await writeMotion(input, npz, { dense: true, residual: true, stride: 8 });
    const arrays = arraysOf(npz);
    const [rows, columns] = [13, 20];
    for (const name of ['dense', 'residual']) {
      expect(arrays[name]).toMatchObject({ type: '<f4', shape: [5, 3, rows, columns] });
    }
    let reference = frames[0].pixels;
    const expected = frames.map(({ motion, pixels, pictureType, discontinuity }) => {
      const used = discontinuity ? NO_MOTION : motion;
      const field = denseMotion(used, WIDTH, HEIGHT, 8);
      const residual = residualMap(pixels, reference, used, WIDTH, HEIGHT, 8, { sampling: 1 });
      if (pictureType !== 'B') reference = pixels;
      return { dense: [...field.dx, ...field.dy, ...field.coverage], residual: [...residual.data] };
    });
    expect([...floatsOf(arrays.dense)]).toEqual(expected.flatMap(({ dense }) => dense));
    expect([...floatsOf(arrays.residual)]).toEqual(expected.flatMap(({ residual }) => residual));
    // The texture moves by 4 to the right and 3 up a frame; P-frames refer two frames back.
    const cell = 6 * columns + 10;
    const plane = rows * columns;
    const dense = floatsOf(arrays.dense).subarray(2 * 3 * plane);
    expect([dense[cell], dense[plane + cell], dense[2 * plane + cell]]).toEqual([8, -6, 1]);
    expect(JSON.parse(textOf(arrays.info))).toMatchObject({ stride: 8, width: WIDTH, codec: 'h264' });

    await writeMotion(input, lines, { dense: true, residual: true, stride: 8 });
    const third = JSON.parse(readFileSync(lines, 'utf8').split('\n')[2]);
    expect(third.dense.map((grid: number[][]) => [grid.length, grid[0].length])).toEqual(
      Array(3).fill([rows, columns]),
    );
    expect([third.dense[0][6][10], third.dense[1][6][10]]).toEqual([8, -6]);
    expect(third.residual.flat(2)[cell]).toBeCloseTo(expected[2].residual[cell], 3);
  });
});

describe('what a codec does not have', () => {
  it('is refused, or estimated where that is asked for', async () => {
    using folder = new TestFolder();
    const encoder = {
      name: 'libx265',
      options: { preset: 'ultrafast', 'x265-params': 'log-level=none' },
    } as const;
    await writeClip(folder.at('a.mp4'), movingTexture(WIDTH, HEIGHT, 4, 3, -2), { encoder });
    const before = readdirSync(folder.path);
    await expect(writeMotion(folder.at('a.mp4'), folder.at('a.npz'))).rejects.toThrow(
      /hands out no motion vectors/,
    );
    expect(readdirSync(folder.path)).toEqual(before);
    const summary = await writeMotion(folder.at('a.mp4'), folder.at('a.npz'), { motionSource: 'auto' });
    expect(summary).toMatchObject({ motionSource: 'estimate', frames: { I: 1, P: 3, B: 0 } });
    expect(summary.vectors).toBeGreaterThan(50);
    expect(summary.notes.join()).toMatch(/hevc decoder hands out no motion vectors/);
  });

  it('is said: vectors of fields, and of MPEG-4’s B-frames', async () => {
    using folder = new TestFolder();
    const clip = movingTexture(WIDTH, 96, 7, 2, -1);
    const fields = { output: folder.at('fields.mkv'), encoder: 'mpeg2video', fields: 'top' } as const;
    await makeStream(clip, { ...fields, options: { flags: '+ildct+ilme', b: '4M' } });
    const interlaced = await writeMotion(fields.output, folder.at('fields.npz'));
    expect(interlaced).toMatchObject({ vectors: 0, frames: { I: 1, P: 6, B: 0 }, motionSource: 'codec' });
    expect(interlaced.notes.join()).toMatch(/those of fields: they are left out/);
    await writeClip(folder.at('b.mkv'), clip, { encoder: { options: { bf: '2' } } });
    const reordered = await writeMotion(folder.at('b.mkv'), folder.at('b.npz'));
    expect(reordered.frames).toEqual({ I: 1, P: 2, B: 4 });
    expect(reordered.notes.join()).toMatch(/loses the motion vectors of B-frames: those frames come without/);
  });
});

describe('writeMotion', () => {
  it('completes what it has when it is stopped, and takes a part of a video', async () => {
    using folder = new TestFolder();
    await writeClip(folder.at('a.mp4'), movingTexture(96, 64, 30, 2, 1));
    const part = await writeMotion(folder.at('a.mp4'), folder.at('part.npz'), { start: 0.2, duration: 0.4 });
    expect(part).toMatchObject({ frames: { I: 1, P: 9, B: 0 }, complete: true });
    const times = recordsOf(arraysOf(folder.at('part.npz')).frames).map(({ time }) => Number(time));
    expect(times[0]).toBeCloseTo(0.2, 3);
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const stopped = await writeMotion(folder.at('a.mp4'), folder.at('s.npz'), {
      until: stop.signal,
      onProgress,
    });
    const { frames, info } = arraysOf(folder.at('s.npz'));
    const { I, P } = stopped.frames;
    expect(frames.shape).toEqual([I + P]);
    expect(JSON.parse(textOf(info)).complete).toBe(stopped.complete);
  });

  it('refuses what it cannot do in one line, and leaves nothing', async () => {
    using folder = new TestFolder();
    const input = folder.at('a.mp4');
    await writeClip(input, movingTexture(96, 64, 3, 2, 1));
    for (const [output, options, message] of [
      ['a.csv', {}, /a\.csv: its ending .*\.npz or \.jsonl/],
      ['a.mp4', { format: 'npz' }, /is the input itself/],
      ['b.npz', { strid: 8 }, /did you mean stride\?/],
      ['b.npz', { stride: 5 }, /stride must be one of 4, 8, 16/],
      ['b.npz', { start: 9 }, /a start of 9 s is beyond its end/],
      ['-', { format: 'npz' }, /-: \.npz has to be a file/],
    ] as const)
      await expect(
        writeMotion(input, output === '-' ? '-' : folder.at(output), options as object),
      ).rejects.toThrow(message);
    expect(readdirSync(folder.path)).toEqual(['a.mp4']);
    await writeMotion(input, folder.at('c.npz'));
    await expect(writeMotion(input, folder.at('c.npz'))).rejects.toThrow(/exists already/);
    await writeMotion(input, folder.at('c.npz'), { force: true });
    expect(existsSync(folder.at('c.npz'))).toBe(true);
  });
});
