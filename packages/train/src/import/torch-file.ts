/**
 * Reads state dicts that torch.save wrote: zip archives (PyTorch 1.6 and later) and the older stream of pickles.
 * The pickles are read as data, see {@link readPickle}.
 */
import { InputError } from '@twnet/core/errors';
import { type PickleRules, readPickle } from './pickle.js';
import { printable } from './printable.js';
import { type StorageBytes, stateDictTensors } from './state-dict.js';
import { elementBytes, type WeightFile } from './stored-tensor.js';
import { storageOf, TORCH_GLOBALS, type TorchStorage } from './torch-globals.js';
import { zipEntries } from './zip.js';

/** The first value in a file of the older format. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;

/** `<root>/data.pkl` holds the pickle, `<root>/data/<key>` a storage. */
export function readTorchZip(bytes: Uint8Array, source: string): WeightFile {
  const entries = zipEntries(bytes, source);
  const pickle = [...entries.keys()].find((name) => name.endsWith('/data.pkl') || name === 'data.pkl');
  if (pickle === undefined)
    throw new InputError(`${source}: is a zip archive, but none that torch.save wrote: data.pkl is missing`);
  const root = pickle.slice(0, -'data.pkl'.length);
  if (entries.has(`${root}constants.pkl`))
    throw new InputError(
      `${source}: is a TorchScript program; save its state dict instead: torch.save(model.state_dict(), file)`,
    );
  const byteOrder = entries.get(`${root}byteorder`)?.();
  if (byteOrder && Buffer.from(byteOrder).toString() !== 'little') failByteOrder(source);
  const { value } = readPickle(entries.get(pickle)!(), 0, rulesFor(source), source);
  const storageBytes: StorageBytes = ({ key }) => {
    const entry = entries.get(`${root}data/${key}`);
    if (!entry) throw new InputError(`${source}: lacks the storage ${printable(key)}`);
    return entry();
  };
  return { format: 'PyTorch (zip)', tensors: stateDictTensors(value, storageBytes, source), metadata: {} };
}

/** Magic number, version, system, value, keys of the storages: five pickles; then count and values of each storage. */
export function readTorchLegacy(bytes: Uint8Array, source: string): WeightFile {
  let offset = 0;
  const storages = new Map<string, TorchStorage>();
  const rules = rulesFor(source, storages);
  const next = (): unknown => {
    const { value, end } = readPickle(bytes, offset, rules, source);
    offset = end;
    return value;
  };
  if (next() !== LEGACY_MAGIC || next() !== LEGACY_VERSION)
    throw new InputError(`${source}: is a pickle, but none that torch.save wrote`);
  const system = next();
  if (system instanceof Map && system.get('little_endian') === false) failByteOrder(source);
  const value = next();
  const keys = next();
  const places = storagePlaces(bytes, offset, Array.isArray(keys) ? keys : [], storages, source);
  const storageBytes: StorageBytes = ({ key }) => {
    const place = places.get(key);
    if (!place) throw new InputError(`${source}: lacks the storage ${printable(key)}`);
    return place;
  };
  return {
    format: 'PyTorch (before 1.6)',
    tensors: stateDictTensors(value, storageBytes, source),
    metadata: {},
  };
}

function storagePlaces(
  bytes: Uint8Array,
  start: number,
  keys: readonly unknown[],
  storages: ReadonlyMap<string, TorchStorage>,
  source: string,
): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = new Map<string, Uint8Array>();
  let offset = start;
  for (const key of keys) {
    const storage = storages.get(key as string);
    if (!storage) throw new InputError(`${source}: holds a storage that its pickle does not know`);
    if (offset + 8 > bytes.length) throw new InputError(`${source}: is cut off before its last storage`);
    const elements = Number(view.getBigInt64(offset, true));
    const end = offset + 8 + elements * elementBytes(storage.type);
    if (elements !== storage.elements || end > bytes.length)
      throw new InputError(`${source}: is cut off or damaged in its storage ${printable(storage.key)}`);
    places.set(storage.key, bytes.subarray(offset + 8, end));
    offset = end;
  }
  return places;
}

/** @param seen takes in every storage that occurs */
function rulesFor(source: string, seen?: Map<string, TorchStorage>): PickleRules {
  return {
    globals: TORCH_GLOBALS,
    persistent: (id) => {
      const storage = storageOf(id);
      if (!storage)
        throw new InputError(`${source}: its pickle refers to what is no storage of a known type`);
      seen?.set(storage.key, storage);
      return storage;
    },
  };
}

function failByteOrder(source: string): never {
  throw new InputError(`${source}: was written on a big-endian machine; load and save it on another one`);
}
