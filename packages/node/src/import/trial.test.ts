import '../kernels/provide.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { Graph } from '@twnet/core/graph/graph';
import { toOnnx } from '@twnet/core/graph/onnx-format';
import { foreignNetwork } from '@twnet/testing/made-foreign';
import { randomFrom } from '@twnet/testing/made-motion';
import { textureAt } from '@twnet/testing/moving-texture';
import { afterAll, describe, expect, it } from 'vitest';
import { readOnnxFile } from './onnx-file.js';
import { pixelConvention } from './pixel-convention.js';
import { type TrialRequest, tryNetwork } from './trial.js';
import { tryBeside } from './trial-process.js';

const root = mkdtempSync(join(tmpdir(), 'twnet-trial-'));
afterAll(() => rmSync(root, { recursive: true }));
const path = join(root, 'net.onnx');
const picture = { width: 96, height: 64, pixels: textureAt(96, 64, 0, 0) };

async function request(bytes: Uint8Array, options: TrialRequest['options'] = {}): Promise<TrialRequest> {
  await writeFile(path, bytes);
  const pixels = pixelConvention({ range: '0..1' }, undefined);
  return { path, file: 'net.onnx', pixels, options, picture };
}

/** A network of pictures of any size that gives what `rest` makes of them. */
function network(rest: (graph: Graph, x: ReturnType<Graph['input']>) => void): Uint8Array {
  const graph = new Graph();
  rest(graph, graph.input('x', [1, 3, -1, -1]));
  return toOnnx(graph);
}

/** ONNX's operator set is the last number of files that are written here. */
function ofOpset(bytes: Uint8Array, version: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1] = version;
  return changed;
}

describe('a network that is tried', () => {
  it('has labels of the picture, and says what was found', async () => {
    const trial = await tryNetwork(await request(foreignNetwork('foreground')));
    expect(trial.found.output).toMatchObject({ content: 'foreground', threshold: 0.5 });
    expect(trial).toMatchObject({ classes: 2, picture: { width: 96, height: 64 } });
    expect(new Set(trial.labels)).toEqual(new Set([0, 1]));
  });

  it('that runs at one size alone has that size', async () => {
    // Adds a plane of 736 × 1280: other sizes do not fit.
    const rigid = network((graph, x) => {
      const plane = graph.constant(new Float32Array(736 * 1280), [1, 1, 736, 1280]);
      graph.output('y', graph.node('Add', [x, plane], [1, 3, -1, -1]));
    });
    const { found, notes } = await tryNetwork(await request(rigid));
    expect(found.input).toMatchObject({ width: 1280, height: 736 });
    expect(found.input.multiple).toBeUndefined();
    expect(notes.join('\n')).toMatch(/^it runs at 1280×736 and not at every size/m);
    expect(notes.join()).not.toContain('is free');
  });

  it('whose answer does not grow has one size, too', async () => {
    const pooled = network((graph, x) => {
      const sizes = graph.integers([1, 3, 40, 40]);
      graph.output('y', graph.node('Resize', [x, undefined, undefined, sizes], [1, 3, 40, 40]));
    });
    const { found, notes } = await tryNetwork(await request(pooled));
    expect(found.input.multiple).toBeUndefined();
    expect(found.output).toMatchObject({ rows: 40, columns: 40 });
    expect(notes.join('\n')).toMatch(/^what it gives does not grow/m);
  });

  it.each([
    [
      'a later operator set',
      ofOpset(foreignNetwork('labels'), 99),
      /^net\.onnx: is of operator set 99 of ai\.onnx, and ONNX Runtime here knows those up to \d+; export/,
    ],
    [
      'an operator that its set lacks',
      ofOpset(foreignNetwork('quantised'), 7),
      /^net\.onnx: has the operator (De)?[Qq]uantizeLinear, which operator set 7 does not have; export/,
    ],
    [
      'an unknown operator',
      network((graph, x) => graph.output('y', graph.node('Sharpen', [x], x.shape))),
      /^net\.onnx: has the operator Sharpen/,
    ],
    [
      'one of a domain',
      network((graph, x) => graph.output('y', graph.node('Deform', [x], x.shape, { domain: 'mmcv' }))),
      /^net\.onnx: has the operator mmcv\.Deform, which ONNX Runtime does not have/,
    ],
    [
      'a later format',
      Uint8Array.from([8, 90, ...foreignNetwork('labels').subarray(2)]),
      /^net\.onnx: is of the ONNX format's version \(IR\) 90, and ONNX Runtime here reads those up to \d+/,
    ],
    [
      'a shape that fits nowhere',
      network((graph, x) =>
        graph.output('y', graph.node('Reshape', [x, graph.integers([1, 7, 3, 3])], [1, 7, 3, 3])),
      ),
      /^net\.onnx: cannot run on a picture of 1280×736, and --size WxH says/,
    ],
    [
      'nothing of classes',
      network((graph, x) => graph.output('y', graph.node('GlobalAveragePool', [x], [1, 3, 1, 1]))),
      /^net\.onnx: gives "y" float32 \[1, 3, 1, 1\]; none of it is scores/,
    ],
  ])('is refused in one line for %s', async (_what, bytes, reason) => {
    const failure = await tryNetwork(await request(bytes)).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toMatch(reason);
    expect((failure as Error).message).not.toMatch(/\n|onnxruntime_src/);
  });
});

describe('a process beside', () => {
  it('finds what is found here, or says what is said here', async () => {
    const good = await request(foreignNetwork('half'), { classes: 4 });
    const [{ labels, found }, here] = [await tryBeside(good), await tryNetwork(good)];
    expect(found).toEqual(here.found);
    expect(Buffer.from(labels).equals(Buffer.from(here.labels))).toBe(true);
    const bad = await request(foreignNetwork('half'), { classes: 5 });
    await expect(tryBeside(bad)).rejects.toThrow(/^net\.onnx: .* that is 4 classes, and 5 are named/);
    await expect(tryBeside(good, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('takes the blame for files that end it, and for no others: damaged ones are told in a line', async () => {
    const whole = foreignNetwork('labels');
    const random = randomFrom(5);
    for (let trial = 0; trial < 3; trial++) {
      const bytes = Uint8Array.from(whole);
      for (let n = 0; n < 3; n++) bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(8 * random());
      await writeFile(path, bytes);
      try {
        const file = await readOnnxFile(path);
        await tryBeside(await request(file.bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).toMatch(/^\S*net\.onnx: .+$/);
      }
    }
  });
});
