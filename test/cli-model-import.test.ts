/** `twnet model import`: networks of other programs as models, and what the rest of twnet makes of them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGENET } from '@twnet/core/network/normalisation';
import { labelsFromScores } from '@twnet/core/segment/labels';
import { onnxRuntime } from '@twnet/node/engine/runtime';
import { withExternalData } from '@twnet/testing/external-data';
import { FOREIGN_CLASSES, type ForeignNetwork, foreignNetwork } from '@twnet/testing/made-foreign';
import { movingTexture, writeClip } from '@twnet/testing/moving-texture';
import type { Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

/** Built by build-once.ts. */
const BUILT = new URL('../packages/twnet/dist/twnet/src/index.js', import.meta.url).href;
const library = (await import(BUILT)) as typeof import('../packages/twnet/src/index.js');

const folder = mkdtempSync(join(tmpdir(), 'twnet-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const clip = at('clip.mp4');
const picture = at('picture.png');
const [WIDTH, HEIGHT, FRAMES, GROUP] = [160, 112, 6, 3];
const classes = at('classes.json');

async function imported(kind: ForeignNetwork, ...more: string[]) {
  await writeFile(at(`${kind}.onnx`), foreignNetwork(kind));
  return twnetHere(
    'model',
    'import',
    at(`${kind}.onnx`),
    '--classes',
    classes,
    '--picture',
    picture,
    '--json',
    ...more,
  );
}

beforeAll(async () => {
  const texture = movingTexture(WIDTH, HEIGHT, FRAMES, 3, 1);
  await writeClip(clip, texture, { gop: GROUP });
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 as const };
  const area = WIDTH * HEIGHT;
  const pixels = Uint8Array.from(
    { length: 3 * area },
    (_, i) => texture.frames[0][(i % 3) * area + Math.floor(i / 3)],
  );
  await sharp(pixels, { raw }).png().toFile(picture);
  await writeFile(classes, JSON.stringify([{ name: 'dark', color: '#102030' }, ...FOREIGN_CLASSES.slice(1)]));
});

/** What the network itself gives for a frame, run by nothing of twnet's: its bottom edge repeated to `rows` rows. */
async function given(kind: ForeignNetwork, frame: Uint8Array, rows: number): Promise<Tensor> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session = await InferenceSession.create(foreignNetwork(kind));
  const data = Float32Array.from({ length: 3 * WIDTH * rows }, (_, i) => {
    const plane = Math.floor(i / (WIDTH * rows));
    const y = Math.min(HEIGHT - 1, Math.floor(i / WIDTH) % rows);
    const value = frame[plane * WIDTH * HEIGHT + y * WIDTH + (i % WIDTH)] / 255;
    return (value - IMAGENET.mean[plane]) / IMAGENET.deviation[plane];
  });
  const [name] = session.inputNames;
  const [output] = Object.values(
    await session.run({ [name]: new Tensor('float32', data, [1, 3, rows, WIDTH]) }),
  );
  await session.release();
  return output;
}

/** Labels of every frame, with its pixels. */
async function labelled(model: string, perFrame: boolean) {
  const frames: { pixels: Uint8Array; labels: Uint8Array; kind: string }[] = [];
  for await (const { frame, labels, kind } of library.segment(clip, { model, perFrame, maxSide: 1024 }))
    frames.push({ pixels: frame.pixels.slice(), labels, kind });
  return frames;
}

/** Bilinear, half-pixel centres, borders repeated. */
function twiceAsLarge(planes: Float32Array, rows: number, columns: number): Float32Array {
  const along = (i: number, cells: number) => {
    const at = Math.min(cells - 1, Math.max(0, i / 2 - 0.25));
    const low = Math.floor(at);
    return [low, Math.min(cells - 1, low + 1), at - low];
  };
  return Float32Array.from({ length: 4 * planes.length }, (_, i) => {
    const [x, x1, fx] = along(i % (2 * columns), columns);
    const [y, y1, fy] = along(Math.floor(i / (2 * columns)) % (2 * rows), rows);
    const plane = Math.floor(i / (4 * rows * columns)) * rows * columns;
    const mix = (row: number) =>
      planes[plane + row * columns + x] * (1 - fx) + planes[plane + row * columns + x1] * fx;
    return mix(y) * (1 - fy) + mix(y1) * fy;
  });
}

const equalShare = (a: ArrayLike<number | bigint>, b: Uint8Array) =>
  b.reduce((sum, label, i) => sum + Number(Number(a[i]) === label), 0) / b.length;

describe('a network that gives labels', () => {
  beforeAll(async () => {
    const result = await imported('labels');
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const report = JSON.parse(result.stdout);
    expect(report.card).toMatchObject({
      name: 'labels',
      architecture: 'imported',
      classes: [...FOREIGN_CLASSES],
    });
    expect(report.card.imported.output).toMatchObject({ content: 'labels', type: 'int64' });
    expect(report.notes.join('\n')).toMatch(/assumed: ImageNet's mean and deviation/);
  });

  it('has the very labels that the network gives, on every frame or on key frames', async () => {
    for (const perFrame of [true, false])
      for (const { pixels, labels, kind } of await labelled(at('labels'), perFrame)) {
        if (kind !== 'key') continue;
        const { data } = await given('labels', pixels, HEIGHT);
        expect(equalShare(data as BigInt64Array, labels)).toBe(1);
      }
  });

  it('carries them on by the motion between key frames', async () => {
    const [alone, propagated] = [await labelled(at('labels'), true), await labelled(at('labels'), false)];
    expect(propagated.map(({ kind }) => kind).join()).toBe('key,nonkey,nonkey,key,nonkey,nonkey');
    const shares = propagated.map(({ labels }, i) => equalShare(alone[i].labels, labels));
    expect(Math.min(...shares)).toBeGreaterThan(0.8);
    expect(shares[1]).toBeLessThan(1);
  });

  it('draws, writes and counts by its own names and colours, and says that it only warps', async () => {
    const result = await twnet(
      ...['segment', clip, '--model', at('labels'), '--labels', at('out'), '--json', '-o', at('drawn.mp4')],
    );
    expect(result.exitCode).toBe(0);
    const report = JSON.parse(result.stdout);
    expect(report.notes).toContain(
      'labels is imported and not adapted: between key frames, its scores are only warped',
    );
    const seen = report.classes.map(({ name }: { name: string }) => name);
    expect(seen.every((name: string) => (FOREIGN_CLASSES as readonly string[]).includes(name))).toBe(true);
    const said = JSON.parse(readFileSync(at('out/labels.json'), 'utf8'));
    expect(said.classes[0]).toMatchObject({ name: 'dark' });
    const [png] = readdirSync(at('out')).filter((name) => name.endsWith('.png'));
    // PLTE begins with the first class's colour.
    const bytes = readFileSync(at(join('out', png)));
    const palette = bytes.indexOf('PLTE') + 4;
    expect([...bytes.subarray(palette, palette + 3)]).toEqual([0x10, 0x20, 0x30]);
  });

  it('shows in its folder what it made of the picture', async () => {
    expect(readdirSync(at('labels')).sort()).toEqual([
      '.twnet.json',
      'model.json',
      'network.onnx',
      'picture.png',
    ]);
    expect(await sharp(at('labels/picture.png')).metadata()).toMatchObject({
      width: 2 * WIDTH,
      height: HEIGHT,
    });
  });

  it('is told apart from a network that twnet describes where that is needed', async () => {
    const exported = await twnetHere('export', '--model', at('labels'), '-o', at('exported'));
    expectOneLine(exported, 2, /labels: its key-frame network is another program's ONNX file/);
    const layer = await twnetHere('segment', clip, '--model', at('labels'), '--layer', '2');
    expectOneLine(layer, 2, /--layer 2: labels warps no decoder layer/);
  });

  it('is refused where its file was exchanged', async () => {
    const { model } = withExternalData(foreignNetwork('labels'), '/etc/passwd');
    const original = readFileSync(at('labels/network.onnx'));
    await writeFile(at('labels/network.onnx'), model);
    expectOneLine(
      await twnetHere('segment', clip, '--model', at('labels')),
      2,
      /network\.onnx: is not the file that/,
    );
    const card = readFileSync(at('labels/model.json'), 'utf8');
    const parsed = JSON.parse(card);
    delete parsed.networks.key.sha256;
    await writeFile(at('labels/model.json'), JSON.stringify(parsed));
    expectOneLine(
      await twnetHere('segment', clip, '--model', at('labels')),
      2,
      /network\.onnx: has data in other files/,
    );
    await writeFile(at('labels/model.json'), card);
    await writeFile(at('labels/network.onnx'), original);
  });
});

describe('other networks', () => {
  it('a transformer of any size has the labels of its logits', async () => {
    expect((await imported('transformer')).exitCode).toBe(0);
    for (const { pixels, labels } of await labelled(at('transformer'), true)) {
      const { data, dims } = await given('transformer', pixels, 128);
      expect(dims).toEqual([1, 4, 16, 20]);
      // Enlarged to the grid that is propagated, then to pixels.
      const own = labelsFromScores(twiceAsLarge(data as Float32Array, 16, 20), 4, WIDTH, 128);
      expect(equalShare(own, labels)).toBeGreaterThan(0.995);
    }
  });

  it.each([
    [
      'fixed',
      { layout: 'NHWC', type: 'uint8', width: 128, height: 96 },
      { content: 'scores', layout: 'NHWC' },
    ],
    ['half', { type: 'float16', multiple: 32 }, { content: 'scores', type: 'float16' }],
    ['quantised', { type: 'float32', multiple: 32 }, { content: 'scores', type: 'float32' }],
  ] as const)('%s is found and segments', async (kind, input, output) => {
    const { stdout } = await imported(kind);
    expect(JSON.parse(stdout).card.imported).toMatchObject({ input, output });
    const [frames, labels] = [await labelled(at(kind), false), await labelled(at('labels'), true)];
    expect(frames).toHaveLength(FRAMES);
    // The same colours, seen more coarsely or in other units.
    if (kind !== 'fixed') expect(equalShare(labels[0].labels, frames[0].labels)).toBeGreaterThan(0.85);
  });

  it('takes its names and pixels from the files beside it, its numbers from a file of its own', async () => {
    const { model, data } = withExternalData(foreignNetwork('half'), 'model.onnx_data');
    await Promise.all([
      writeFile(at('model.onnx'), model),
      writeFile(at('model.onnx_data'), data),
      writeFile(
        at('config.json'),
        JSON.stringify({ id2label: Object.fromEntries(FOREIGN_CLASSES.entries()) }),
      ),
      writeFile(
        at('preprocessor_config.json'),
        JSON.stringify({ size: { height: 96, width: 160 }, do_normalize: false }),
      ),
    ]);
    const result = await twnetHere('model', 'import', at('model.onnx'), '-o', at('hf'), '--licence', 'MIT');
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(
      /4 classes\n.*\n.*any size, meant for 160×96\n.*preprocessor_config\.json\n/,
    );
    expect(result.stdout).toMatch(/tried on {2}a rendered street: .*(dark|red|green|blue) \d/);
    const card = JSON.parse(readFileSync(at('hf/model.json'), 'utf8'));
    expect(card).toMatchObject({ provenance: { licence: 'MIT' }, imported: { input: { mean: [0, 0, 0] } } });
    rmSync(at('config.json'));
    rmSync(at('preprocessor_config.json'));
  });
});

describe('what cannot be used', () => {
  it('is told in a line, and leaves nothing behind', async () => {
    await writeFile(at('bad.onnx'), foreignNetwork('transformer'));
    const run = (...args: string[]) =>
      twnetHere('model', 'import', at('bad.onnx'), '--picture', picture, ...args);
    expectOneLine(
      await run('--classes', 'cityscapes'),
      2,
      /bad\.onnx: .* that is 4 classes, and 19 are named/,
    );
    await writeFile(at('bad.onnx'), 'no network');
    expectOneLine(await run(), 2, /bad\.onnx: is no ONNX file/);
    expect(readdirSync(folder).filter((name) => /^bad(?!\.onnx)|^\.twnet/.test(name))).toEqual([]);
  });

  it('is options that contradict each other, and an output that exists', async () => {
    const run = (...args: string[]) => twnetHere('model', 'import', at('labels.onnx'), ...args);
    expectOneLine(
      await run('-o', at('new'), '--range', '0..1', '--std', '1,1,1'),
      2,
      /--range 0\.\.1: --mean and --std/,
    );
    expectOneLine(await run('-o', classes), 4, /there is a file of that name/);
  });
});
