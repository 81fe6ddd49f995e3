/** Safetensors files with tensors of any type that other programs store. */
import { InputError } from '@twnet/core/errors';
import { safetensorsEntries } from '@twnet/core/network/safetensors';
import { printable } from './printable.js';
import {
  decodeElements,
  elementBytes,
  elementsOf,
  isElementType,
  type StoredTensor,
  type WeightFile,
} from './stored-tensor.js';

export function readSafetensorsFile(bytes: Uint8Array, source: string): WeightFile {
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
