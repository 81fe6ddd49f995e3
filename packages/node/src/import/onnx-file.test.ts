import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { Graph } from '@twnet/core/graph/graph';
import { toOnnx } from '@twnet/core/graph/onnx-format';
import { withExternalData } from '@twnet/testing/external-data';
import { foreignNetwork } from '@twnet/testing/made-foreign';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOnnxFile } from './onnx-file.js';

const root = mkdtempSync(join(tmpdir(), 'twnet-onnx-file-'));
afterAll(() => rmSync(root, { recursive: true }));
const folder = join(root, 'net');
const whole = foreignNetwork('labels');
const { data } = withExternalData(whole, 'weights.bin');

async function written(location: string): Promise<string> {
  const path = join(folder, 'net.onnx');
  await writeFile(path, withExternalData(whole, location).model);
  return path;
}

beforeAll(async () => {
  await mkdir(join(folder, 'data'), { recursive: true });
  for (const name of ['weights.bin', 'data/weights.bin', '../secret.bin'])
    await writeFile(join(folder, name), data);
  await symlink(join(root, 'secret.bin'), join(folder, 'link.bin'));
  await writeFile(join(folder, 'short.bin'), data.subarray(0, data.length - 1));
});

describe('an ONNX file', () => {
  it.each([
    'weights.bin',
    'data/weights.bin',
    './weights.bin',
  ])('is made whole with its data in %s', async (location) => {
    const { bytes } = await readOnnxFile(await written(location));
    expect(Buffer.from(bytes).equals(Buffer.from(whole))).toBe(true);
  });

  it.each([
    ['../secret.bin', /which is not beside it/],
    ['data/../../secret.bin', /which is not beside it/],
    ['link.bin', /which is not beside it/],
    ['/etc/passwd', /which is not beside it/],
    ['c:\\windows\\system.ini', /which is not beside it/],
    ['..\\secret.bin', /which is not beside it/],
    ['*/_ORT_MEM_ADDR_/*', /"\*\/_ORT_MEM_ADDR_\/\*", which is not there/],
    ['.', /which is not beside it/],
    ['data', /it is no file/],
    ['other.bin', /which is not there; copy it beside it/],
    ['nul\u0000.bin', /which is not there/],
    ['short.bin', /ends before the data of its tensor/],
  ])('is refused that has its data in %j', async (location, reason) => {
    const path = await written(location);
    const failure = await readOnnxFile(path).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toMatch(reason);
    expect((failure as Error).message).toMatch(/^[^\n]+net\.onnx: .+$/);
  });

  it('is refused with operators that nothing here computes, by their names', async () => {
    const path = join(folder, 'custom.onnx');
    const make = async (domain: string, operator: string) => {
      const graph = new Graph();
      const x = graph.input('x', [1, 3, 8, 8]);
      graph.output('y', graph.node(operator, [x], x.shape, { domain }));
      await writeFile(path, toOnnx(graph));
      return readOnnxFile(path);
    };
    await expect(make('mmcv', 'MMCVModulatedDeformConv2d')).rejects.toThrow(
      `${path}: has the operator "mmcv.MMCVModulatedDeformConv2d", which ONNX Runtime does not have here; export`,
    );
    await expect(make('com.microsoft', 'EPContext')).rejects.toThrow(/"com.microsoft.EPContext"/);
    expect((await make('com.microsoft', 'Gelu')).summary.operators.size).toBe(1);
  });

  it('is none that is a folder, or is not there', async () => {
    await expect(readOnnxFile(folder)).rejects.toThrow(/it cannot be read: it is no file/);
    await expect(readOnnxFile(join(folder, 'none.onnx'))).rejects.toThrow(
      /none\.onnx: it cannot be read: ENOENT/,
    );
  });
});
