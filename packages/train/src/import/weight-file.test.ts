/** Which reader a file gets, and what is said of files that have none. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { formatSafetensors } from '@twnet/core/network/safetensors';
import { latin, pickle, torchZip } from '@twnet/testing/made-weight-files';
import { afterAll, describe, expect, it } from 'vitest';
import { openWeightFile } from './weight-file.js';

const folder = mkdtempSync(join(tmpdir(), 'twnet-weight-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, data: Uint8Array): string {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
}

/** A safetensors file with this header, and eight bytes of tensors. */
function safetensors(header: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(8)]);
}

const tensors = new Map([['w', { shape: [2], data: Float32Array.of(1, -2) }]]);

describe('formats', () => {
  it.each([
    ['safetensors', formatSafetensors(tensors, { type: 'float16', metadata: { licence: 'MIT' } })],
    ['PyTorch (zip)', torchZip(tensors)],
  ])('%s, known by what it starts with and not by its name', async (format, bytes) => {
    const file = await openWeightFile(write('some.file', bytes));
    expect(file.format).toBe(format);
    expect([...file.tensors.get('w')!.read()]).toEqual([1, -2]);
  });

  it('safetensors of every element type', async () => {
    const header = {
      i64: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
      bf16: { dtype: 'BF16', shape: [2, 2], data_offsets: [0, 8] },
      i8: { dtype: 'I8', shape: [8], data_offsets: [0, 8] },
      none: { dtype: 'F64', shape: [0], data_offsets: [4, 4] },
    };
    const file = await openWeightFile(write('types', safetensors(header)));
    for (const { read, elements } of file.tensors.values())
      expect(read()).toEqual(new Float32Array(elements));
  });
});

describe('files that cannot be read', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /is empty/],
    ['text', Buffer.from('weights, trust me'), /no format that can be read: safetensors, PyTorch/],
    ['HDF5', Uint8Array.of(0x89, ...latin('HDF\r\n\x1a\n'), 0, 0), /is HDF5 .*tensorflowjs_converter/],
    ['another pickle', pickle([0x4e]), /is a pickle, but none that torch\.save wrote/],
    ['a header that is a list', safetensors([1]), /no format|lies outside|no object/],
    ['an entry that is null', safetensors({ w: null }), /tensor w lies outside/],
    ['a shape that is none', safetensors({ w: { ...entry, shape: 'x' } }), /no usable shape/],
    ['a type unknown', safetensors({ w: { ...entry, dtype: 'F8_E4M3' } }), /has the type F8_E4M3/],
    ['a shape of other size', safetensors({ w: { ...entry, shape: [3] } }), /holds 8 bytes, its shape \[3\]/],
    ['a shape of 2^80', safetensors({ w: { ...entry, shape: [2 ** 40, 2 ** 40] } }), /holds 8 bytes/],
    ['an offset that is no number', safetensors({ w: { ...entry, data_offsets: ['0', 8] } }), /lies outside/],
    ['an offset beyond the file', safetensors({ w: { ...entry, data_offsets: [0, 80] } }), /lies outside/],
  ])('%s', async (_, bytes, message) => {
    const error = await openWeightFile(write('bad', bytes)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  it('missing, a folder, or larger than any encoder', async () => {
    await expect(openWeightFile(join(folder, 'gone'))).rejects.toThrow(/gone: cannot be read/);
    mkdirSync(join(folder, 'folder'));
    await expect(openWeightFile(join(folder, 'folder'))).rejects.toThrow(/is a folder; give a file/);
    // Sparse: it takes no room.
    truncateSync(write('huge', Uint8Array.of(0x50, 0x4b)), 2 ** 31);
    await expect(openWeightFile(join(folder, 'huge'))).rejects.toThrow(/has 2147483648 bytes, more than/);
  });
});
