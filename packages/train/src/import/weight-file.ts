/** Opens a file of weights, whatever its format: what it starts with decides, not its name. */
import { readFile, stat } from 'node:fs/promises';
import { InputError } from '@twnet/core/errors';
import { safetensorsEntries } from '@twnet/core/network/safetensors';
import { printable } from './printable.js';
import {
  decodeElements,
  elementBytes,
  elementsOf,
  isElementType,
  LARGEST_FILE,
  type StoredTensor,
  type WeightFile,
} from './stored-tensor.js';
import { readTfjsModel } from './tfjs-model.js';
import { readTorchLegacy, readTorchZip } from './torch-file.js';

const FORMATS = 'safetensors, PyTorch state dict (.pth, .pt), TensorFlow.js model.json';

/** @throws InputError, one line, for whatever cannot be read */
export async function openWeightFile(path: string): Promise<WeightFile> {
  const bytes = await readWhole(path);
  const starts = (...start: number[]): boolean => start.every((byte, i) => bytes[i] === byte);
  if (bytes.length === 0) throw new InputError(`${path}: is empty`);
  if (starts(0x50, 0x4b)) return readTorchZip(bytes, path);
  if (starts(0x80)) return readTorchLegacy(bytes, path);
  if (bytes[8] === 0x7b) return readSafetensorsFile(bytes, path);
  if (/^\s*\{/.test(bytes.toString('latin1', 0, 64))) return readTfjsModel(bytes, path);
  if (starts(0x89, 0x48, 0x44, 0x46))
    throw new InputError(
      `${path}: is HDF5 (Keras); convert it with tensorflowjs_converter, import its model.json`,
    );
  throw new InputError(`${path}: is of no format that can be read: ${FORMATS}`);
}

async function readWhole(path: string): Promise<Buffer> {
  const facts = await stat(path).catch(() => {
    throw new InputError(`${path}: cannot be read`);
  });
  if (facts.isDirectory()) throw new InputError(`${path}: is a folder; give a file: ${FORMATS}`);
  if (!facts.isFile()) throw new InputError(`${path}: is no file`);
  if (facts.size > LARGEST_FILE)
    throw new InputError(
      `${path}: has ${facts.size} bytes, more than the ${LARGEST_FILE} that an encoder may have`,
    );
  return readFile(path).catch(() => {
    throw new InputError(`${path}: cannot be read`);
  });
}

/** Tensors of any type that other programs store. */
function readSafetensorsFile(bytes: Uint8Array, source: string): WeightFile {
  const { entries, metadata } = safetensorsEntries(bytes, source);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype: type, shape, bytes: stored } of entries) {
    const fail = (what: string): never => {
      throw new InputError(`${source}: tensor ${printable(name)} ${what}`);
    };
    if (!isElementType(type)) return fail(`has the type ${printable(type)}, which cannot be read`);
    const elements = elementsOf(shape);
    if (elements === undefined || elements * elementBytes(type) !== stored.length)
      return fail(`holds ${stored.length} bytes, its shape [${shape}] wants others`);
    tensors.set(name, { name, type, shape, elements, read: () => decodeElements(stored, type) });
  }
  return { format: 'safetensors', tensors, metadata };
}
