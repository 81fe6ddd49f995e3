import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { tfjsModel } from '@twnet/testing/made-weight-files';
import { afterAll, describe, expect, it } from 'vitest';
import { openWeightFile } from './weight-file.js';

const folder = mkdtempSync(join(tmpdir(), 'twnet-tfjs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [name, data] of Object.entries(files)) writeFileSync(join(folder, name), data);
  return join(folder, 'model.json');
}

const manifest = (paths: string[], weights: unknown[]): string =>
  JSON.stringify({ weightsManifest: [{ paths, weights }] });

describe('TensorFlow.js models', () => {
  it('reads tensors across the border of two shards', async () => {
    const tensors = new Map([
      ['a/kernel:0', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['b', { shape: [], data: Float32Array.of(-7) }],
    ]);
    const file = await openWeightFile(write(tfjsModel(tensors)));
    expect(file.format).toBe('TensorFlow.js');
    expect([...file.tensors.get('a/kernel')!.read()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...file.tensors.get('b')!.read()]).toEqual([-7]);
  });

  it('takes quantised values for what they mean', async () => {
    const path = write({
      'model.json': manifest(
        ['q.bin'],
        [
          { name: 'u8', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
          { name: 'f16', shape: [1], dtype: 'float32', quantization: { dtype: 'float16' } },
        ],
      ),
      'q.bin': Uint8Array.of(0, 255, 0x00, 0xc0),
    });
    const { tensors } = await openWeightFile(path);
    expect([...tensors.get('u8')!.read()]).toEqual([-1, 126.5]);
    expect([...tensors.get('f16')!.read()]).toEqual([-2]);
  });

  const weight = { name: 'w', shape: [2], dtype: 'float32' };
  it.each([
    ['no manifest', '{"a": 1}', /no TensorFlow\.js model/],
    ['null', '  {"weightsManifest": null}', /weightsManifest\./],
    ['not JSON', '{', /is not JSON/],
    [
      'a path upwards',
      manifest(['../secret'], [weight]),
      /names the shard \.\.\/secret, which is no plain file name/,
    ],
    ['an absolute path', manifest(['/etc/passwd'], [weight]), /no plain file name/],
    ['an address', manifest(['http://example.org/x'], [weight]), /no plain file name/],
    ['the folder itself', manifest(['..'], [weight]), /no plain file name/],
    ['a shard that is missing', manifest(['gone.bin'], [weight]), /gone\.bin: cannot be read/],
    [
      'a type unknown',
      manifest([], [{ ...weight, dtype: 'string' }]),
      /weightsManifest\.0\.weights\.0\.dtype/,
    ],
    ['too few bytes', manifest(['short.bin'], [weight]), /w of shape \[2\] lies beyond the 4 bytes/],
    [
      'a shape beyond all numbers',
      manifest(['short.bin'], [{ ...weight, shape: [2 ** 40, 2 ** 40] }]),
      /lies beyond/,
    ],
    [
      'one name twice',
      manifest(
        ['short.bin'],
        [
          { ...weight, shape: [0] },
          { ...weight, shape: [0] },
        ],
      ),
      /twice/,
    ],
  ])('refuses %s', async (_, json, message) => {
    const path = write({ 'model.json': json, 'short.bin': new Uint8Array(4) });
    const error = await openWeightFile(path).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });
});
