/** Files that torch.save wrote (test/fixtures/weights, made by tools/reference), whole and damaged. */
import { readFileSync } from 'node:fs';
import { InputError } from '@twnet/core/errors';
import { op, pickle, tensorPickle, zip } from '@twnet/testing/made-weight-files';
import { describe, expect, it } from 'vitest';
import type { StoredTensors, WeightFile } from './stored-tensor.js';
import { readTorchLegacy, readTorchZip } from './torch-file.js';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../../test/fixtures/weights/${name}`, import.meta.url));

const open = (bytes: Uint8Array): WeightFile =>
  bytes[0] === 0x50 ? readTorchZip(bytes, 'x.pth') : readTorchLegacy(bytes, 'x.pth');

interface Listed {
  readonly name: string;
  readonly dtype: string;
  readonly shape: number[];
  readonly values: number[];
}

const listed: Listed[] = JSON.parse(fixture('tensors.json').toString());

const TYPES: Readonly<Record<string, string>> = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float64: 'F64',
  int64: 'I64',
  uint8: 'U8',
  bool: 'BOOL',
};

function expectListed(tensors: StoredTensors, prefix: string): void {
  expect([...tensors.keys()]).toEqual(listed.map(({ name }) => prefix + name));
  for (const { name, dtype, shape, values } of listed) {
    const tensor = tensors.get(prefix + name)!;
    expect([tensor.type, tensor.shape, tensor.elements]).toEqual([TYPES[dtype], shape, values.length]);
    expect([...tensor.read()], name).toEqual(values.map(Math.fround));
  }
}

describe.each(['zip', 'legacy'])('what torch.save wrote, %s', (format) => {
  it('gives every tensor, of every type, strided, shared or empty', () => {
    expectListed(open(fixture(`plain-${format}.pth`)).tensors, '');
  });

  it('finds the state dict in a checkpoint', () => {
    expectListed(open(fixture(`wrapped-${format}.pth`)).tensors, 'module.');
  });

  it('takes parameters for their values', () => {
    const { tensors } = open(fixture(`parameter-${format}.pth`));
    expect([...tensors.get('weight')!.read()]).toEqual([1, 2]);
  });

  it('refuses a tensor of far more values than are stored', () => {
    expect(() => open(fixture(`expanded-${format}.pth`))).toThrow(
      /weight of shape \[1000,1000,1000\] reaches/,
    );
  });

  it('survives every truncation with one line', () => {
    const bytes = fixture(`plain-${format}.pth`);
    let refused = 0;
    for (let length = 0; length < bytes.length; length += 3)
      refused += readsOrRefuses(bytes.subarray(0, length));
    expect(refused).toBe(Math.ceil(bytes.length / 3));
  });

  it('survives mutations: each gives tensors of the stated sizes or one line', () => {
    const original = fixture(`wrapped-${format}.pth`);
    const random = generator(7);
    let refused = 0;
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(original);
      const edits = 1 + (random() % 4);
      for (let i = 0; i < edits; i++) bytes[random() % bytes.length] = random() % 256;
      refused += readsOrRefuses(bytes);
    }
    expect(refused).toBeGreaterThan(300);
  });
});

/** 1 where the file was refused. Anything but an InputError of one line fails the test. */
function readsOrRefuses(bytes: Uint8Array): number {
  try {
    for (const { read, elements } of open(bytes).tensors.values()) expect(read()).toHaveLength(elements);
    return 0;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^x\.pth: [^\n]{10,400}$/);
    return 1;
  }
}

/** xorshift, 32 bits. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

describe('archives', () => {
  const dict = pickle(op.dict(op.string('w'), tensorPickle({ elements: 2, shape: [2] })));
  const data = Buffer.from(Float32Array.of(3, 4).buffer);
  const faultOf = (bytes: Uint8Array): string => {
    try {
      for (const { read } of open(bytes).tensors.values()) read();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message;
    }
    return '';
  };

  it('reads one that is made as it should be, whatever its root is called', () => {
    const { tensors } = open(zip({ '../../evil/data.pkl': dict, '../../evil/data/0': data }));
    expect([...tensors.get('w')!.read()]).toEqual([3, 4]);
  });

  it.each([
    ['a compressed entry', zip({ 'a/data.pkl': { data: dict, method: 8 } }), /compressed/],
    ['no pickle', zip({ 'a/model.weights.h5': data }), /data\.pkl is missing/],
    ['a size beyond the file', zip({ 'a/data.pkl': { data: dict, size: 1e9 } }), /overlap or lie outside/],
    ['an offset beyond the file', zip({ 'a/data.pkl': { data: dict, offset: 0xfffff } }), /outside the file/],
    [
      'a zip64 field that is missing',
      zip({ 'a/data.pkl': { data: dict, size: 0xffffffff } }),
      /lies nowhere/,
    ],
    [
      'entries that overlap, as in a zip bomb',
      zip({
        'a/data.pkl': dict,
        ...Object.fromEntries(
          Array.from({ length: 50 }, (_, i) => [
            `a/data/${i}`,
            { data: Buffer.alloc(0), size: 400, offset: 0 },
          ]),
        ),
      }),
      /overlap/,
    ],
    ['a damaged tensor', damaged(zip({ 'a/data.pkl': dict, 'a/data/0': data }), data), /checksum differs/],
    [
      'a tensor of too few bytes',
      zip({ 'a/data.pkl': dict, 'a/data/0': data.subarray(4) }),
      /wants 2 values, the file holds 1/,
    ],
    ['a missing tensor', zip({ 'a/data.pkl': dict }), /lacks the storage 0/],
    ['TorchScript', zip({ 'a/data.pkl': dict, 'a/constants.pkl': dict }), /TorchScript/],
    ['big-endian numbers', zip({ 'a/data.pkl': dict, 'a/byteorder': Buffer.from('big') }), /big-endian/],
    [
      'a whole model',
      fixture('whole-model-zip.pth'),
      /asks for torch\.nn\.modules\.linear\.Linear; .*state_dict/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(faultOf(bytes)).toMatch(message);
  });
});

function damaged(archive: Buffer, data: Buffer): Buffer {
  const at = archive.indexOf(data);
  archive[at] ^= 1;
  return archive;
}
