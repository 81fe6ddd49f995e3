/** Files for tests: pickles, zip archives, state dicts and TensorFlow.js models, made byte by byte. */
import { crc32 } from 'node:zlib';

export const latin = (text: string): number[] => [...Buffer.from(text, 'latin1')];

const uint32 = (value: number): number[] =>
  [value, value >>> 8, value >>> 16, value >>> 24].map((b) => b & 255);

/** Instructions of pickle protocol 2. */
export const op = {
  proto: [0x80, 2],
  stop: [0x2e],
  mark: [0x28],
  reduce: [0x52],
  global: (module: string, name: string): number[] => [0x63, ...latin(`${module}\n${name}\n`)],
  string: (text: string): number[] => {
    const bytes = [...Buffer.from(text)];
    return [0x58, ...uint32(bytes.length), ...bytes];
  },
  /** 32 bits with sign, or more as LONG1. */
  integer: (value: number): number[] => {
    if (value === (value | 0)) return [0x4a, ...uint32(value)];
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return [0x8a, 8, ...bytes];
  },
  tuple: (...items: readonly number[][]): number[] => [0x28, ...items.flat(), 0x74],
  dict: (...items: readonly number[][]): number[] => [0x7d, 0x28, ...items.flat(), 0x75],
};

export const pickle = (...parts: readonly number[][]): Buffer =>
  Buffer.from([...op.proto, ...parts.flat(), ...op.stop]);

export interface MadeView {
  readonly key?: string;
  readonly elements: number;
  readonly shape: readonly number[];
  readonly stride?: readonly number[];
  readonly offset?: number;
  readonly storage?: string;
}

/** A call of `_rebuild_tensor_v2` on a storage. */
export function tensorPickle(view: MadeView): number[] {
  const { key = '0', elements, shape, stride = rowMajor(shape), offset = 0, storage = 'FloatStorage' } = view;
  const id = op.tuple(
    op.string('storage'),
    op.global('torch', storage),
    op.string(key),
    op.string('cpu'),
    op.integer(elements),
  );
  const hooks = [...op.global('collections', 'OrderedDict'), 0x29, 0x52];
  const args = op.tuple(
    [...id, 0x51],
    op.integer(offset),
    op.tuple(...shape.map(op.integer)),
    op.tuple(...stride.map(op.integer)),
    [0x89],
    hooks,
  );
  return [...op.global('torch._utils', '_rebuild_tensor_v2'), ...args, ...op.reduce];
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
}

export interface MadeEntry {
  readonly data: Uint8Array;
  /** Over what belongs there. */
  readonly method?: number;
  readonly size?: number;
  readonly offset?: number;
}

/** A zip archive of stored entries. */
export function zip(entries: Readonly<Record<string, Uint8Array | MadeEntry>>): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, given] of Object.entries(entries)) {
    const entry: MadeEntry = given instanceof Uint8Array ? { data: given } : given;
    const { data, method = 0, size = data.length } = entry;
    const key = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(size, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(key.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc32(data), 16);
    central.writeUInt32LE(size, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(key.length, 28);
    central.writeUInt32LE(entry.offset ?? offset, 42);
    files.push(local, key, Buffer.from(data));
    directory.push(central, key);
    offset += local.length + key.length + data.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(Object.keys(entries).length, 8);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listing, end]);
}

/** A float32 tensor of a made file. */
export interface MadeTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const bytesOf = (data: Float32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A `.pth` file in the zip format, one storage a tensor. */
export function torchZip(tensors: ReadonlyMap<string, MadeTensor>): Buffer {
  const list = [...tensors];
  const items = list.flatMap(([name, { shape, data }], i) => [
    op.string(name),
    tensorPickle({ key: String(i), elements: data.length, shape }),
  ]);
  return zip({
    'archive/data.pkl': pickle(op.dict(...items)),
    ...Object.fromEntries(list.map(([, { data }], i) => [`archive/data/${i}`, bytesOf(data)])),
    'archive/version': Buffer.from('3\n'),
  });
}

/** `model.json` and the two shards of its weights. */
export function tfjsModel(tensors: ReadonlyMap<string, MadeTensor>): Record<string, Uint8Array> {
  const blob = Buffer.concat([...tensors.values()].map(({ data }) => bytesOf(data)));
  const cut = Math.floor(blob.length / 2) + 1;
  const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
  const weights = [...tensors].map(([name, { shape }]) => ({ name, shape, dtype: 'float32' }));
  const model = { format: 'layers-model', modelTopology: {}, weightsManifest: [{ paths, weights }] };
  return {
    'model.json': Buffer.from(JSON.stringify(model)),
    [paths[0]]: blob.subarray(0, cut),
    [paths[1]]: blob.subarray(cut),
  };
}
