/** TensorFlow.js models: `model.json` with a weights manifest, and the shards of weights beside it. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { z } from 'zod';
import { printable } from './printable.js';
import {
  decodeElements,
  type ElementType,
  elementBytes,
  elementsOf,
  LARGEST_FILE,
  type StoredTensor,
  type WeightFile,
} from './stored-tensor.js';

const TYPES = {
  float32: 'F32',
  float16: 'F16',
  int32: 'I32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
} as const;
type TfjsType = keyof typeof TYPES;
const typeName = z.enum(Object.keys(TYPES) as [TfjsType, ...TfjsType[]]);

const manifestSchema = z.array(
  z.object({
    paths: z.array(z.string()).max(10_000),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)),
        dtype: typeName,
        /** Stored as q, meant is q · scale + min; float16 has neither. */
        quantization: z
          .object({ dtype: typeName, scale: z.number().optional(), min: z.number().optional() })
          .optional(),
      }),
    ),
  }),
);

type Manifest = z.infer<typeof manifestSchema>;
type ManifestEntry = Manifest[number]['weights'][number];

export async function readTfjsModel(bytes: Uint8Array, source: string): Promise<WeightFile> {
  const tensors = new Map<string, StoredTensor>();
  let total = 0;
  for (const { paths, weights } of parseManifest(bytes, source)) {
    const shards: Buffer[] = [];
    for (const path of paths) {
      const shard = await readShard(path, source);
      total += shard.length;
      if (total > LARGEST_FILE)
        throw new InputError(`${source}: its weights are of more than ${LARGEST_FILE} bytes`);
      shards.push(shard);
    }
    const group = Buffer.concat(shards);
    let offset = 0;
    for (const entry of weights) {
      const stored = storedTensor(entry, group, offset, source);
      if (tensors.has(stored.name)) throw new InputError(`${source}: holds ${printable(stored.name)} twice`);
      tensors.set(stored.name, stored);
      offset += stored.elements * elementBytes(stored.type);
    }
  }
  return { format: 'TensorFlow.js', tensors, metadata: {} };
}

function parseManifest(bytes: Uint8Array, source: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new InputError(`${source}: is not JSON`);
  }
  const manifest = (json as Record<string, unknown> | null)?.weightsManifest;
  if (manifest === undefined)
    throw new InputError(`${source}: is JSON, but no TensorFlow.js model: weightsManifest is missing`);
  const result = manifestSchema.safeParse(manifest);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InputError(`${source}: weightsManifest.${printable(issue.path.join('.'))}: ${issue.message}`);
}

/** Only files beside model.json: a model from elsewhere must not choose which other files are read. */
async function readShard(path: string, source: string): Promise<Buffer> {
  if (!/^[\w.-]+$/.test(path) || path === '.' || path === '..')
    throw new InputError(`${source}: names the shard ${printable(path)}, which is no plain file name`);
  const file = join(dirname(source), path);
  return readFile(file).catch(() => {
    throw new InputError(`${file}: cannot be read; ${source} keeps weights in it`);
  });
}

function storedTensor(entry: ManifestEntry, group: Buffer, offset: number, source: string): StoredTensor {
  const { shape, quantization } = entry;
  const type: ElementType = TYPES[quantization?.dtype ?? entry.dtype];
  const elements = elementsOf(shape);
  const end = offset + (elements ?? Number.NaN) * elementBytes(type);
  if (elements === undefined || !(end <= group.length)) {
    throw new InputError(
      `${source}: ${printable(entry.name)} of shape [${shape}] lies beyond the ${group.length} bytes of its shards`,
    );
  }
  const { scale = 1, min = 0 } = quantization ?? {};
  const read = (): Float32Array => {
    const values = decodeElements(group.subarray(offset, end), type);
    if (scale === 1 && min === 0) return values;
    return values.map((value) => value * scale + min);
  };
  // Older converters leave TensorFlow's output index.
  return { name: entry.name.replace(/:0$/, ''), type, shape, elements, read };
}
