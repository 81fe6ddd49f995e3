/** What a file of weights says that they compute, computed. */
import { InputError } from '@twnet/core/errors';
import type { NetworkDescription } from '@twnet/core/network/description';
import { runGraph } from '@twnet/core/network/inference-graph';
import type { Weights } from '@twnet/core/network/safetensors';
import { GraphSession } from '@twnet/node/engine/session';
import type { StoredTensor, StoredTensors } from './stored-tensor.js';

/** Largest absolute difference that is the same network's: float32 sums in another order. */
export const GOLDEN_TOLERANCE = 1e-3;

export interface GoldenCheck {
  /** Of the picture that was segmented. */
  readonly width: number;
  readonly height: number;
  /** Largest absolute difference, by tensor and in all. */
  readonly differences: Readonly<Record<string, number>>;
  readonly largest: number;
}

/**
 * Runs a network on `golden.pixels` (3 × rows × columns, 0 to 255) and compares layers with the tensors of the file
 * that say what they give; undefined where the file has none.
 *
 * @param layers by the name of the tensor
 * @throws InputError where a tensor is not what the layer gives, to {@link GOLDEN_TOLERANCE}
 */
export async function checkGoldenTensors(
  tensors: StoredTensors,
  { layers }: NetworkDescription,
  weights: Weights,
  layersByTensor: Readonly<Record<string, string>>,
  source: string,
): Promise<GoldenCheck | undefined> {
  const pixels = tensors.get('golden.pixels');
  const compared = Object.entries(layersByTensor).filter(([name]) => tensors.has(name));
  if (!pixels || compared.length === 0) return undefined;
  const image = bytesOf(pixels, source);
  const [, height, width] = pixels.shape;
  // ONNX names are those of tensors here, which have dots in them as layers' have.
  const outputs = Object.fromEntries(compared);
  const description = { name: 'golden', layers, outputs };
  await using session = await GraphSession.open(runGraph({ description, weights }, height, width), {
    threads: 1,
  });
  const computed = await session.run({ image });
  const differences: Record<string, number> = {};
  for (const [name] of compared) {
    differences[name] = largestDifference(tensors.get(name)!, computed[name] as Float32Array, source);
    if (!(differences[name] <= GOLDEN_TOLERANCE))
      throw new InputError(
        `${source}: its weights give ${name} to ${differences[name].toPrecision(1)} only, not to ${GOLDEN_TOLERANCE}: one of the two is damaged or of another network`,
      );
  }
  return { width, height, differences, largest: Math.max(...Object.values(differences)) };
}

function bytesOf({ name, shape, read }: StoredTensor, source: string): Uint8Array {
  const values = read();
  if (shape.length !== 3 || shape[0] !== 3 || !values.every((v) => Number.isInteger(v) && v >= 0 && v <= 255))
    throw new InputError(`${source}: ${name} holds no 8-bit pixels of three planes`);
  return Uint8Array.from(values);
}

function largestDifference({ name, read }: StoredTensor, computed: Float32Array, source: string): number {
  const expected = read();
  if (expected.length !== computed.length)
    throw new InputError(
      `${source}: ${name} holds ${expected.length} values, the network gives ${computed.length}`,
    );
  return computed.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
}
