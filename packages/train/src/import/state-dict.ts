/** The state dict in what a PyTorch file holds, and its tensors. */
import { InputError } from '@twnet/core/errors';
import { printable } from './printable.js';
import {
  decodeElements,
  elementBytes,
  elementsOf,
  type StoredTensor,
  type StoredTensors,
} from './stored-tensor.js';
import { type TorchStorage, TorchTensor } from './torch-globals.js';

/** A storage's bytes; throws an InputError when the file lacks them. */
export type StorageBytes = (storage: TorchStorage) => Uint8Array;

/** Under which keys checkpoints keep the state dict, in order of preference. */
const WRAPPERS = [
  'state_dict',
  'model',
  'model_state_dict',
  'net',
  'network',
  'encoder',
  'weights',
  'state_dict_ema',
];
const DEEPEST_WRAPPER = 3;

/** How often the tensors of a file may use its stored values: weights are tied now and then, not a hundred times. */
const MOST_SHARING = 16;

/** The tensors of the state dict in `value`, whatever a checkpoint wraps it in. */
export function stateDictTensors(value: unknown, storageBytes: StorageBytes, source: string): StoredTensors {
  const dict = findStateDict(value, source);
  const tensors = new Map<string, StoredTensor>();
  const storages = new Map<string, number>();
  let used = 0;
  for (const [name, entry] of dict) {
    if (typeof name !== 'string' || !(entry instanceof TorchTensor)) continue;
    const { stored, storage } = checkedTensor(name, entry, storageBytes, source);
    tensors.set(name, stored);
    used += stored.elements;
    storages.set(storage.key, storage.elements);
  }
  const held = [...storages.values()].reduce((sum, elements) => sum + elements, 0);
  if (used > MOST_SHARING * held)
    throw new InputError(
      `${source}: its tensors use the same stored values more than ${MOST_SHARING} times over`,
    );
  return tensors;
}

function findStateDict(value: unknown, source: string, depth = 0): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) {
    if ([...value.values()].some((entry) => entry instanceof TorchTensor)) return value;
    const wrapper = WRAPPERS.find((key) => value.get(key) instanceof Map);
    if (wrapper !== undefined && depth < DEEPEST_WRAPPER)
      return findStateDict(value.get(wrapper), source, depth + 1);
  }
  const keys = value instanceof Map ? [...value.keys()].slice(0, 8).map((key) => printable(String(key))) : [];
  throw new InputError(
    `${source}: holds no state dict${keys.length > 0 ? `, only ${keys.join(', ')}` : ''}; save torch.save(model.state_dict(), file)`,
  );
}

function checkedTensor(
  name: string,
  tensor: TorchTensor,
  storageBytes: StorageBytes,
  source: string,
): { stored: StoredTensor; storage: TorchStorage } {
  const fail = (what: string): never => {
    throw new InputError(`${source}: tensor ${printable(name)} ${what}`);
  };
  const storage = tensor.storage as TorchStorage | null;
  if (!storage?.key || storage.type === undefined) return fail('has no storage');
  const { offset } = tensor;
  const [shape, stride] = [tensor.shape, tensor.stride] as number[][];
  const elements = elementsOf(shape) ?? fail('has no usable shape');
  const isStride = (step: unknown): boolean => Number.isSafeInteger(step) && (step as number) >= 0;
  if (!Array.isArray(stride) || stride.length !== shape.length || !stride.every(isStride))
    fail('has no usable strides');
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) fail('has no usable offset');
  const start = offset as number;
  const last = shape.reduce((sum, extent, i) => sum + (extent - 1) * stride[i], start);
  const within = elements === 0 || (last < storage.elements && elements <= storage.elements);
  if (!within) fail(`of shape [${shape}] reaches beyond its storage of ${storage.elements} values`);
  const read = (): Float32Array => {
    const width = elementBytes(storage.type);
    const bytes = storageBytes(storage);
    if (bytes.length < storage.elements * width)
      fail(
        `wants ${storage.elements} values, the file holds ${Math.floor(bytes.length / width)}; it may be cut off`,
      );
    if (elements === 0) return new Float32Array(0);
    if (isContiguous(shape, stride))
      return decodeElements(bytes.subarray(start * width, (start + elements) * width), storage.type);
    return gather(
      decodeElements(bytes.subarray(start * width, (last + 1) * width), storage.type),
      shape,
      stride,
    );
  };
  return { stored: { name, type: storage.type, shape, elements, read }, storage };
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== expected) return false;
    expected *= shape[i];
  }
  return true;
}

/** Row-major copy of a strided view (channels-last weights, transposed ones). */
function gather(values: Float32Array, shape: readonly number[], stride: readonly number[]): Float32Array {
  const result = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
  const index = new Array<number>(shape.length).fill(0);
  let at = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = values[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += stride[axis];
      if (++index[axis] < shape[axis]) break;
      at -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
