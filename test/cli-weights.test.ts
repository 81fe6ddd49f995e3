/** `twnet weights` as a process: an encoder imported, files looked into, and files that want to do harm. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import { formatSafetensors, parseSafetensors } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';
import { Model } from '@twnet/node/model/model';
import { type MadeTensor, op, pickle, torchZip } from '@twnet/testing/made-weight-files';
import { encoderConvolutions } from '@twnet/train/import/encoder';
import { importEncoder } from '@twnet/train/import/import-encoder';
import { theirName } from '@twnet/train/import/names/efficientvit';
import { namings } from '@twnet/train/import/names/index';
import { keyStart } from '@twnet/train/key/key-start';
import { copyEncoder } from '@twnet/train/run/initial-weights';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/weights/${name}`, import.meta.url));

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

/** A state dict of timm's mobilenetv1_100, the values of each tensor all alike, the classifier with it. */
function timmStateDict(): Map<string, MadeTensor> {
  const naming = namings().find(
    ({ program, backbone }) => program === "timm's" && backbone === 'mobilenet-v1',
  )!;
  const tensors = new Map<string, MadeTensor>();
  const put = (name: string, shape: readonly number[], value: number): void => {
    const elements = shape.reduce((product, extent) => product * extent, 1);
    tensors.set(`module.${name}`, { shape, data: new Float32Array(elements).fill(value) });
  };
  for (const [i, { layer, shape }] of encoderConvolutions('mobilenet-v1').entries()) {
    const { weight, norm } = naming.layers[i];
    put(weight, shape, 0.5);
    for (const [role, name] of Object.entries(norm!))
      put(name, [layer.channels], { gamma: 3, beta: 0.25, mean: 0.125, variance: 2.25 - 1e-5 }[role]!);
  }
  put('classifier.weight', [10, 1024], 1);
  return tensors;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-weights-'));
  writeFileSync(at('timm.pth'), torchZip(timmStateDict()));
  const command = op.tuple(op.string(`touch ${at('owned')}`));
  const evil = pickle(op.global('posix', 'system'), command, op.reduce);
  writeFileSync(at('evil.pth'), evil);
  writeFileSync(at('noise.pth'), Buffer.from('no weights at all'));
  await writeRandomModel(at('model'), 'mobilenet-v1');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet weights import', () => {
  it('makes an encoder that training takes, and says what it left and what to know', async () => {
    const out = at('encoder.safetensors');
    const { exitCode, stdout, stderr } = await twnet(
      'weights',
      'import',
      at('timm.pth'),
      '--as',
      'mobilenet-v1',
      '-o',
      out,
    );
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect(stdout).toContain('mobilenet-v1, 27 convolutions');
    expect(stdout).toContain("timm's names behind module.");
    expect(stdout).toContain("the classifier's 1 tensors: module.classifier.weight");
    expect(stdout).toMatch(
      /padding on both sides \(PyTorch\) at stride 2, mobilenet-v1 here pads at the end/,
    );

    const { tensors, metadata } = parseSafetensors(readFileSync(out), out);
    expect(metadata.source).toBe("timm.pth (PyTorch (zip), timm's names)");
    expect(metadata.padding).toBe('made for both, used with end');
    const weights = randomWeights(keyFrameNetwork('mobilenet-v1', 3), () => 0.5);
    copyEncoder(weights, tensors, out);
    // 0.5 · 3 / √2.25, and 0.25 − 0.125 · 2.
    expect(weights.get('encoder.conv05.weight')!.data[7]).toBeCloseTo(1, 5);
    expect(weights.get('encoder.conv05.bias')!.data[7]).toBeCloseTo(0, 5);
  });

  it('prints a report that a program can read', async () => {
    const out = at('json.safetensors');
    const args = [
      'weights',
      'import',
      at('timm.pth'),
      '--as',
      'mobilenet-v1',
      '-o',
      out,
      '--pixels',
      'imagenet',
      '--json',
    ];
    const { exitCode, stdout } = await twnetHere(...args);
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      backbone: 'mobilenet-v1',
      prefix: 'module.',
      pixels: 'imagenet',
      output: out,
    });
    expect(report.padding).toEqual({ source: 'both', here: 'end' });
    expect(report.notes).toHaveLength(2);
  });

  it('makes a model of a whole segmenter, which opens, and does not write over another', async () => {
    const description = efficientVitSegmenter(19);
    const tensors = new Map<string, MadeTensor>();
    for (const [name, { shape, data }] of randomWeights(description, () => 0.5)) {
      const { role } = networkParameters(description).find((parameter) => parameter.name === name)!;
      tensors.set(theirName(name, role), { shape: [...shape], data });
    }
    writeFileSync(at('b0.pt'), torchZip(tensors));
    const args = ['weights', 'import', at('b0.pt'), '--as', 'efficientvit-seg-b0', '-o', at('b0')];
    const { exitCode, stdout, stderr } = await twnetHere(...args);
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect(stdout).toMatch(/efficientvit-seg-b0-cityscapes, 19 classes, 711027 numbers\n/);
    expect(stdout).toMatch(/holds no golden tensors/);
    const { card } = await Model.open(at('b0'));
    expect(card).toMatchObject({ architecture: 'segmenter', backbone: 'efficientvit-b0' });
    expectOneLine(await twnetHere(...args.slice(0, -1), at('model')), 2, /model/);
    expectOneLine(await twnetHere(...args, '--force', '--pixels', 'unit'), 2, /--pixels unit/);
  });

  it.each([
    ['evil.pth', /evil\.pth: .*it asks for posix\.system; that is never run/],
    ['noise.pth', /noise\.pth: is of no format that can be read: safetensors, PyTorch/],
    ['model', /model: is a folder; give a file/],
  ])('refuses %s in one line and leaves nothing behind', async (name, message) => {
    const before = readdirSync(folder);
    const out = at('never.safetensors');
    expectOneLine(await twnetHere('weights', 'import', at(name), '--as', 'resnet-18', '-o', out), 2, message);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('checks the command line, its output and its input', async () => {
    expectOneLine(await twnetHere('weights', 'import', at('timm.pth')), 2, /--as <network>.*not specified/);
    const own = ['weights', 'import', at('timm.pth'), '--as', 'mobilenet-v1', '-o', at('timm.pth')];
    expectOneLine(await twnetHere(...own), 2, /is the input itself/);
    expectOneLine(await twnetHere(...own.slice(0, -1), at('model')), 4, /this is a folder/);
  });
});

it('twnet train key reads an encoder before anything else, and runs nothing of it', async () => {
  const args = ['--data', at('no-data'), '--out', at('run'), '--backbone', 'resnet-18'];
  const before = readdirSync(folder);
  expectOneLine(await twnetHere('train', 'key', ...args, '--encoder', at('evil.pth')), 2, /posix\.system/);
  expect(readdirSync(folder)).toEqual(before);
});

describe('twnet train key --encoder refuses what is no number, by file and tensor', () => {
  const start = (encoder: string) =>
    keyStart({ config: { architecture: 'lateral', backbone: 'mobilenet-v1', seed: 1 }, encoder }).then(
      () => undefined,
      (error: unknown) => String(error),
    );

  it.each([
    [Number.NaN, 'conv00.weight', 'float16'],
    [Number.POSITIVE_INFINITY, 'conv00.weight', 'float16'],
    [Number.NEGATIVE_INFINITY, 'conv13.bias', 'float32'],
  ] as const)('%d in %s, stored as %s', async (value, name, type) => {
    const { weights } = await importEncoder(at('timm.pth'), { backbone: 'mobilenet-v1' });
    weights.get(name)!.data[5] = value;
    const path = at('encoder-damaged.safetensors');
    writeFileSync(path, formatSafetensors(weights, { type }));
    expect(await start(path)).toBe(`InputError: ${path}: ${name} holds values that are no finite numbers`);
  });

  it("in a state dict, also where it is a norm's variance", async () => {
    const tensors = timmStateDict();
    const [name] = [...tensors.keys()].filter((one) => one.endsWith('running_var')).slice(-1);
    tensors.get(name)!.data.fill(Number.NaN);
    writeFileSync(at('nan.pth'), torchZip(tensors));
    expectOneLine(
      await twnetHere('train', 'key', '--data', at('no'), '-o', at('run'), '--encoder', at('nan.pth')),
      2,
      /nan\.pth: module\.\S*running_var holds values that are no finite numbers/,
    );
  });
});

describe('twnet weights show', () => {
  it('lists tensors with shapes, types and ranges', async () => {
    const { exitCode, stdout } = await twnetHere('weights', 'show', fixture('wrapped-legacy.pth'));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/PyTorch \(before 1\.6\), 13 tensors, 77 numbers\n/);
    expect(stdout).toMatch(/\n {2}module\.plain +F32 +2×3×4 +-1\.000 +1\.875 +4\.750 +2\.552\n/);
    expect(stdout).toMatch(/\n {2}module\.none +F32 +0×3 +- +- +- +-\n/);
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await twnetHere('weights', 'show', fixture('plain-zip.pth'), '--json');
    const { format, parameters, tensors } = JSON.parse(stdout);
    expect([format, parameters, tensors.length]).toEqual(['PyTorch (zip)', 77, 13]);
    expect(tensors[0]).toEqual({
      ...{ name: 'plain', type: 'F32', shape: [2, 3, 4], elements: 24 },
      ...{ min: -1, mean: 1.875, max: 4.75, rms: Math.sqrt(156.25 / 24), notFinite: 0 },
    });
  });

  it("gives a model folder's card and networks", async () => {
    const text = (await twnetHere('weights', 'show', at('model'))).stdout;
    expect(text).toMatch(/\n {2}backbone +mobilenet-v1\n/);
    expect(text).toMatch(/\n {2}layer1 +layer1\.safetensors \(CFR on, RGA on\)\n/);
    expect(text).toMatch(/\n {2}cfr\.weight +F16 +128×256×3×3 /);
    const { card, files } = JSON.parse((await twnetHere('weights', 'show', at('model'), '--json')).stdout);
    expect(card.name).toBe('random');
    expect(files.map(({ metadata }: { metadata: object }) => metadata)).toEqual([
      { model: 'random', network: 'key' },
      { model: 'random', network: 'layer1' },
    ]);
  });
});
