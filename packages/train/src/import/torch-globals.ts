/** The Python names that may occur in the pickle of a state dict, and what they stand for here. */
import type { PickleGlobal } from './pickle.js';
import type { ElementType } from './stored-tensor.js';

/** A storage that tensors are views of: `elements` of one type, held by the file under `key`. */
export interface TorchStorage {
  readonly key: string;
  readonly type: ElementType;
  readonly elements: number;
}

/** A strided view of a storage; offset and strides count elements. Nothing of it is checked yet. */
export class TorchTensor {
  constructor(
    readonly storage: unknown,
    readonly offset: unknown,
    readonly shape: unknown,
    readonly stride: unknown,
  ) {}
}

const STORAGE_TYPES: Readonly<Record<string, ElementType>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** A storage's type, as the global that a persistent id holds. */
export interface StorageTypeGlobal extends PickleGlobal {
  readonly type: ElementType;
}

const tensor = ([storage, offset, shape, stride]: readonly unknown[]): TorchTensor =>
  new TorchTensor(storage, offset, shape, stride);

/** `OrderedDict()`, or of a list of pairs, as Python 2 wrote it. */
function orderedDict([pairs]: readonly unknown[]): Map<unknown, unknown> {
  const isPair = (pair: unknown): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2;
  return new Map(Array.isArray(pairs) ? pairs.filter(isPair) : []);
}

const CALLABLE: Readonly<Record<string, NonNullable<PickleGlobal['call']>>> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor': tensor,
  'torch._utils._rebuild_tensor_v2': tensor,
  'torch._utils._rebuild_parameter': ([data]) => data,
  'torch.Size': ([extents]) => extents,
};

export const TORCH_GLOBALS: ReadonlyMap<string, PickleGlobal> = new Map<string, PickleGlobal>([
  ...Object.entries(CALLABLE).map(([name, call]) => [name, { name, call }] as const),
  ...Object.entries(STORAGE_TYPES).map(([name, type]) => {
    const storage: StorageTypeGlobal = { name: `torch.${name}`, type };
    return [storage.name, storage] as const;
  }),
]);

/** The storage that a persistent id names: `('storage', torch.FloatStorage, key, device, elements, …)`. */
export function storageOf(id: unknown): TorchStorage | undefined {
  if (!Array.isArray(id) || id[0] !== 'storage') return undefined;
  const [, global, key, , elements] = id as unknown[];
  const type = (global as StorageTypeGlobal | null)?.type;
  if (type === undefined || typeof key !== 'string') return undefined;
  return Number.isSafeInteger(elements) && (elements as number) >= 0
    ? { key, type, elements: elements as number }
    : undefined;
}
