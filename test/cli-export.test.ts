/** Exported networks run in plain ONNX Runtime and say what the project's own say. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadNetworks } from '@twnet/node/networks/networks';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';

const [width, height] = [96, 66];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-export-'));
  await writeRandomModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));

it('exports both networks as files that stand alone', async () => {
  const out = join(folder, 'onnx');
  const args = ['export', '-o', out, '--model', join(folder, 'model'), '--size', `${width}x${height}`];
  const { exitCode, stderr } = await twnet(...args);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);

  const networks = await loadNetworks(join(folder, 'model'), { width, height, layer: 1 });
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919) % 251);
  const ours = await networks.keyFrame(pixels, { keep: true, context: true });
  const [rows, columns] = [Math.ceil(height / 16), Math.ceil(width / 16)];
  const residual = new Float32Array(3 * rows * columns).fill(9);
  const still = {
    rows,
    columns,
    stride: 16,
    dx: new Float32Array(rows * columns),
    dy: new Float32Array(rows * columns),
  };
  const next = await networks.nonKeyFrame(pixels, still, residual);
  await networks.close();

  const image = new Tensor('uint8', pixels, [1, 3, height, width]);
  const key = await InferenceSession.create(join(out, 'key.onnx'));
  const keyResult = await key.run({ image });
  expect(keyResult.labels.data).toEqual(ours.labels);
  const nonKey = await InferenceSession.create(join(out, 'nonkey.onnx'));
  const warped = new Tensor('float32', ours.context!, keyResult.context.dims);
  const planes = new Tensor('float32', residual, [1, 3, rows, columns]);
  const nonKeyResult = await nonKey.run({ image, warped, residual: planes });
  expect(nonKeyResult.labels.data).toEqual(next.labels);
});
