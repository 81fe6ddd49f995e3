/** `twnet segment` as a process: what it writes, unusable input, unwritable output, interruption. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { openVideo } from '@twnet/node/video/open-video';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { filesIn } from './files-in.js';
import { silentWav } from './made-media.js';
import { writeRandomModel } from './random-model.js';
import { type CliResult, startTwnet, twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

const WIDTH = 100;
const HEIGHT = 70;
let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
/** `twnet segment` with the random model. */
const segment = (...args: string[]): Promise<CliResult> => twnet('segment', ...args, '--model', at('model'));
/** The same in this process, where it refuses. */
const refused = (...args: string[]): Promise<CliResult> =>
  twnetHere('segment', ...args, '--model', at('model'));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-segment-'));
  await writeRandomModel(at('model'));
  await writePanningVideo(at('video.mp4'), { width: WIDTH, height: HEIGHT, frames: 14 });
  await writePanningVideo(at('short.mp4'), { width: 64, height: 48, frames: 5, gop: 3 });
  await writePanningVideo(at('video.avi'), { width: WIDTH, height: HEIGHT, frames: 30 });
  await writePanningVideo(at('long.mp4'), { width: 320, height: 240, frames: 300 });
  truncateSync(at('video.avi'), Math.floor(readFileSync(at('video.avi')).length * 0.75));
  writeFileSync(at('text.mp4'), 'This is no video.\n'.repeat(100));
  writeFileSync(at('empty.mp4'), '');
  writeFileSync(at('sound.wav'), silentWav(1));
  mkdirSync(at('no-model'));
  mkdirSync(at('folder.mp4'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything in the tests' folder, to see what a run left behind. */
const everything = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

describe('twnet segment', () => {
  it('warps along the motion asked for', async () => {
    for (const motion of ['accumulated', 'flow', 'matching']) {
      const { exitCode, stdout } = await segment(at('short.mp4'), '--motion', motion, '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ motion, frames: { key: 2, nonKey: 3 } });
    }
    expectOneLine(await refused(at('short.mp4'), '--motion', 'guess'), 2, /flow:FILE\.onnx/);
    expectOneLine(await refused(at('short.mp4'), '--motion', `flow:${at('text.mp4')}`), 2, /no ONNX network/);
  });

  it('works on smaller frames where asked, with labels and overlay of the full size', async () => {
    const args = [at('video.mp4'), '--scale', '0.5', '--labels', at('half'), '-o', at('half.mp4'), '--json'];
    const { exitCode, stdout } = await segment(...args);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ width: WIDTH, height: HEIGHT, scale: 0.5 });
    expect(await sharp(at('half', '000003.png')).metadata()).toMatchObject({ width: WIDTH, height: HEIGHT });
    await using overlay = await openVideo(at('half.mp4'));
    expect(overlay.info).toMatchObject({ width: WIDTH, height: HEIGHT });
    const { stderr } = await refused(at('video.mp4'), '--scale', '2');
    expect(stderr).toContain('above 0 and at most 1');
  });

  it('writes an overlay, labels and statistics', async () => {
    const { exitCode, stdout } = await segment(
      at('video.mp4'),
      '-o',
      at('overlay.mp4'),
      '--labels',
      at('labels'),
      '--stats',
      at('stats.json'),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('14 frames (2 I, 12 P, 0 B; 2 key, 12 non-key)');

    const names = Array.from({ length: 14 }, (_, i) => `${String(i).padStart(6, '0')}.png`);
    expect(filesIn(at('labels'))).toEqual([...names, 'labels.json']);
    expect(await sharp(at('labels', names[13])).metadata()).toMatchObject({
      width: WIDTH,
      height: HEIGHT,
      isPalette: true,
      bitsPerSample: 8,
    });

    const stats = JSON.parse(readFileSync(at('stats.json'), 'utf8'));
    expect(stats).toMatchObject({ codec: 'mpeg4', model: 'random', layer: 1, losses: [] });
    expect(stats.frames).toEqual({ total: 14, key: 2, nonKey: 12, I: 2, P: 12, B: 0 });
    expect(Object.keys(stats.milliseconds)).toEqual(['decode', 'motion', 'network', 'labels', 'write']);

    const overlay = await openVideo(at('overlay.mp4'));
    let frames = 0;
    for await (const frame of overlay) frames += frame.width === WIDTH && frame.height === HEIGHT ? 1 : 0;
    expect(frames).toBe(14);
  });

  it('writes COCO annotations of the classes asked for, and says how much of each there was', async () => {
    const args = ['--labels', at('coco'), '--format', 'coco', '--classes', 'Building, 2'];
    const { exitCode, stdout } = await segment(at('video.mp4'), ...args, '--stats', at('coco.json'));
    expect(exitCode).toBe(0);
    expect(filesIn(at('coco'))).toEqual(['annotations.json', 'labels.json']);
    const coco = JSON.parse(readFileSync(at('coco', 'annotations.json'), 'utf8'));
    expect(coco.categories.map(({ id }: { id: number }) => id)).toEqual([2, 3]);
    expect(coco.images).toHaveLength(14);
    const { classes } = JSON.parse(readFileSync(at('coco.json'), 'utf8'));
    const { model, summary } = JSON.parse(readFileSync(at('coco', 'labels.json'), 'utf8'));
    expect(summary).toEqual(classes);
    expect(model).toEqual({ name: 'random', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(stdout).toMatch(/^(building|not seen: building)/m);

    const rest = [at('video.mp4'), '--format', 'coco'];
    expectOneLine(await refused(...rest), 2, /--format coco: .*--labels DIR/);
    const wrong = [at('video.mp4'), '--classes', 'buildng', '--labels', at('wrong')];
    expectOneLine(await refused(...wrong), 2, /--classes: .*'buildng'; did you mean 'building'\?/);
    expect(existsSync(at('wrong'))).toBe(false);
  });

  it('gives the same labels whether one or several groups of pictures are worked on at a time', async () => {
    const run = async (name: string, ...args: string[]) => {
      const { exitCode, stdout } = await segment(at('video.mp4'), '--labels', at(name), '--json', ...args);
      expect(exitCode).toBe(0);
      const labels = filesIn(at(name)).map((file) => readFileSync(at(name, file)));
      return { stats: JSON.parse(stdout), labels };
    };
    const rule = ['--key-frames', 'every:4'];
    const one = await run('labels-1', ...rule);
    const three = await run('labels-3', ...rule, '--parallel', '3');
    expect(one.stats.parallel).toBe(1);
    expect(three.stats).toMatchObject({ parallel: 3, frames: one.stats.frames });
    expect(three.labels).toHaveLength(15);
    expect(three.labels).toEqual(one.labels);
  });

  it('schedules key frames as asked', async () => {
    const every = await segment(at('video.mp4'), '--key-frames', 'every:5', '--layer', '3', '--json');
    expect(JSON.parse(every.stdout).frames).toMatchObject({ key: 4, nonKey: 10 }); // 0, 5, 10 and the I-frame 12
    const perFrame = await segment(at('video.mp4'), '--per-frame', '--json');
    expect(JSON.parse(perFrame.stdout).frames).toMatchObject({ key: 14, nonKey: 0 });
    expect(every.stderr + perFrame.stderr).toBe('');
    const rule = ['--key-frames', 'adaptive', '--max-distance', '4'];
    const { keyFrames, keyFramesBy, maxDistance } = JSON.parse(
      (await segment(at('video.mp4'), ...rule, '--json')).stdout,
    );
    expect([keyFrames, maxDistance]).toEqual(['adaptive:50', 4]);
    // Frames 0, 5 and 10, and the I-frame 12, which has no vectors.
    expect(keyFramesBy).toEqual({ start: 1, distance: 2, intra: 1 });
  });

  it('segments what decodes of a truncated file, says what was lost, and ends with 3', async () => {
    const result = await segment(at('video.avi'), '--labels', at('part'), '--json');
    expectOneLine(result, 3, /video\.avi: only partly readable; lost .* after frame \d+/);
    const { frames, losses } = JSON.parse(result.stdout);
    expect(frames.total).toBeGreaterThan(0);
    expect(frames.total).toBeLessThan(30);
    expect(losses.length).toBeGreaterThan(0);
    expect(filesIn(at('part'))).toHaveLength(frames.total + 1);
  });

  it.each([
    { input: 'none.mp4', message: /none\.mp4.*(no such file|does not exist|not found)/i },
    { input: 'text.mp4', message: /text\.mp4.*not a video/ },
    { input: 'empty.mp4', message: /empty\.mp4/ },
    { input: 'sound.wav', message: /sound\.wav.*no video/ },
    { input: 'no-model', message: /no-model/ },
  ])('names what is wrong with “$input” and leaves nothing', async ({ input, message }) => {
    const before = everything();
    expectOneLine(
      await segment(at(input), '-o', at('x.mp4'), '--labels', at('x'), '--stats', at('x.json')),
      2,
      message,
    );
    expect(everything()).toEqual(before);
  });

  it.each([
    { args: ['--key-frames', 'every:0'], message: /every:N/ },
    { args: ['--key-frames', 'sometimes'], message: /every:N/ },
    { args: ['--key-frames', 'adaptive:0'], message: /adaptive:T with T above 0/ },
    { args: ['--max-distance', '0'], message: /whole number above 0/ },
    { args: ['--parallel', '0'], message: /whole number above 0/ },
    { args: ['--parallel', '65'], message: /at most 64/ },
    { args: ['--layer', '4'], message: /1, 2, 3/ },
  ])('refuses $args', async ({ args, message }) => {
    expectOneLine(await refused(at('video.mp4'), ...args), 2, message);
  });
});

describe('models that cannot be used', () => {
  const withModel = (name: string, layer: string) =>
    twnetHere('segment', at('video.mp4'), '--model', at(name), '--layer', layer);

  it('a folder without a model', async () => {
    expectOneLine(await withModel('no-model', '1'), 2, /no-model.*not a model folder/);
  });

  it('weights that are missing, cut off, or of another shape', async () => {
    await cp(at('model'), at('broken'), { recursive: true });
    rmSync(at('broken', 'layer1.safetensors'));
    expectOneLine(await withModel('broken', '1'), 2, /layer1\.safetensors.*cannot be read/);
    truncateSync(at('broken', 'key.safetensors'), 5000);
    expectOneLine(await withModel('broken', '3'), 2, /key\.safetensors/);
    await cp(at('model', 'layer1.safetensors'), at('broken', 'key.safetensors'));
    expectOneLine(await withModel('broken', '3'), 2, /key\.safetensors.*SHA-256 differs/);
    // A card of before there were digests.
    const card = JSON.parse(readFileSync(at('broken', 'model.json'), 'utf8'));
    delete card.networks.key.sha256;
    writeFileSync(at('broken', 'model.json'), JSON.stringify(card));
    expectOneLine(await withModel('broken', '3'), 2, /key\.safetensors.*(lacks|shape)/);
  });

  it('a layer that was not trained', async () => {
    expectOneLine(await withModel('model', '2'), 2, /no non-key-frame network for Layer 2/);
  });
});

describe('outputs that cannot be written', () => {
  // Permissions do not bind root, so the obstacles are of other kinds.
  it.each([
    { args: ['-o', 'video.mp4/out.mp4'], message: /out\.mp4/ },
    { args: ['--labels', 'video.mp4'], message: /video\.mp4.*file of that name/ },
    { args: ['--labels', 'video.mp4/labels'], message: /labels.*is a file/ },
    { args: ['--stats', 'video.mp4/stats.json'], message: /stats\.json.*is a file/ },
    { args: ['-o', 'out.text'], message: /out\.text.*no video format/ },
    { args: ['-o', 'folder.mp4'], message: /folder\.mp4.*is a folder/ },
  ])('$args', async ({ args: [option, path], message }) => {
    const before = everything();
    const result = await refused(at('video.mp4'), option, at(path));
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/bug|^ {4}at /m);
    expect([2, 4]).toContain(result.exitCode);
    expect(everything()).toEqual(before);
  });

  it.runIf(existsSync('/dev/full'))('a full disk', async () => {
    expectOneLine(
      await segment(at('video.mp4'), '--stats', '/dev/full', '--quiet'),
      4,
      /\/dev\/full.*disk is full/,
    );
  });
});

describe('Ctrl-C', () => {
  it.each([
    { signal: 'SIGINT', code: 130 },
    { signal: 'SIGTERM', code: 143 },
  ] as const)('$signal completes the files with the frames so far', async ({ signal, code }) => {
    const [overlay, labels] = [at(`${signal}.mp4`), at(signal)];
    const args = [at('long.mp4'), '-o', overlay, '--labels', labels, '--model', at('model')];
    const { child, finished } = startTwnet('segment', ...args);
    const partial = () => readdirSync(folder).filter((name) => name.startsWith('.part-'));
    const isUnder = (name: string) => name.endsWith(`-${signal}`) && readdirSync(at(name)).length > 3;
    while (!partial().some(isUnder) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(partial()).toHaveLength(2);
    child.kill(signal);
    const { exitCode, stdout, stderr } = await finished;
    expect(exitCode).toBe(code);
    const frames = Number(
      /^twnet: interrupted: wrote the first (\d+) frames of .*long\.mp4$/m.exec(stderr)?.[1],
    );
    expect(frames).toBeGreaterThan(1);
    expect(frames).toBeLessThan(300);
    expect(filesIn(labels).filter((name) => name.endsWith('.png'))).toHaveLength(frames);
    expect(stdout).toContain(`wrote ${overlay}: `);
    await using video = await openVideo(overlay);
    let count = 0;
    for await (const _ of video) count++;
    expect([count, video.losses]).toEqual([frames, []]);
    expect(partial()).toEqual([]);
  });

  it('ends a run that waits for a pipe', async () => {
    const output = at('none-segmented.mp4');
    const { child, finished } = startTwnet('segment', '-', '-o', output, '--model', at('model'));
    await new Promise((resolve) => child.stderr?.once('data', resolve)); // opening
    child.kill('SIGINT');
    const { exitCode, signal, stderr } = await finished;
    expect(stderr).toMatch(/had no frame yet; nothing was written/);
    // It dies of the signal where a read could not be ended otherwise; to a shell both are 130.
    expect(exitCode === 130 || signal === 'SIGINT').toBe(true);
    expect(existsSync(output)).toBe(false);
  });
});

describe('where nothing is said of outputs', () => {
  it('draws over a video beside the input, once', async () => {
    const first = await segment(at('video.mp4'));
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toMatch(/^wrote .*video-segmented\.mp4: .*14 frames.* kB$/m);
    await using overlay = await openVideo(at('video-segmented.mp4'));
    expect(overlay.info).toMatchObject({ width: WIDTH, height: HEIGHT });
    const bytes = readFileSync(at('video-segmented.mp4'));
    expectOneLine(await refused(at('video.mp4')), 2, /video-segmented\.mp4: exists already.*-o.*--force/);
    expect(readFileSync(at('video-segmented.mp4'))).toEqual(bytes);
    expect((await segment(at('video.mp4'), '--force', '--quiet')).exitCode).toBe(0);
  });
});

describe('several inputs', () => {
  it('each get outputs of their own; one that fails does not stop the others', async () => {
    await cp(at('video.mp4'), at('second.mkv'));
    const { exitCode, stdout, stderr } = await segment(
      ...[
        at('video.mp4'),
        at('text.mp4'),
        at('second.mkv'),
        '-o',
        at('several'),
        '--labels',
        at('maps'),
        '--json',
      ],
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^twnet: .*text\.mp4.*not a video/);
    expect(readdirSync(at('several')).sort()).toEqual(['second-segmented.mp4', 'video-segmented.mp4']);
    const pngs = (name: string) => filesIn(at('maps', name)).filter((file) => file.endsWith('.png'));
    expect([pngs('video').length, pngs('second').length]).toEqual([14, 14]);
    const reports = JSON.parse(stdout);
    expect(reports.map((report: { input: string }) => report.input)).toHaveLength(3);
    expect(reports[1].error).toMatch(/not a video/);
    expect(reports[2].outputs).toMatchObject([
      { path: at('several', 'second-segmented.mp4'), frames: 14 },
      { path: at('maps', 'second'), frames: 14, width: WIDTH, height: HEIGHT },
    ]);
  });

  it('are refused where two outputs would have one name, or -o is a file', async () => {
    const two = [at('video.mp4'), at('video.avi')];
    expectOneLine(
      await refused(...two, '-o', at('one')),
      2,
      /video\.mp4 and .*video\.avi would both be written/,
    );
    expectOneLine(await refused(...two, '-o', at('one.mp4')), 2, /several inputs need a folder/);
    expect(existsSync(at('one'))).toBe(false);
  });
});
