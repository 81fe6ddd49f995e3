/** Writes models: the card and one weights file a network. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OutputError } from '@twnet/core/errors';
import { CARD_FILE, type ModelCard, type NetworkEntry } from '@twnet/core/model/model-card';
import { formatSafetensors, type Weights } from '@twnet/core/network/safetensors';
import { writeFileAtomic } from '../files/atomic.js';
import { sha256 } from './model-files.js';

/**
 * Writes `weights` to `<network>.safetensors` and the card that lists it, with its digest.
 *
 * @param type float32 for what others go on from, that nothing is lost
 */
export async function writeModelNetwork(
  folder: string,
  card: ModelCard,
  network: keyof ModelCard['networks'],
  weights: Weights,
  entry: Omit<NetworkEntry, 'weights' | 'sha256'>,
  type: 'float16' | 'float32' = 'float16',
): Promise<ModelCard> {
  const file = `${network}.safetensors`;
  const metadata = { model: card.name, network };
  const bytes = formatSafetensors(weights, { type, metadata });
  const named = { weights: file, sha256: sha256(bytes), ...entry };
  const updated = { ...card, networks: { ...card.networks, [network]: named } };
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new OutputError(`${folder}: the model folder cannot be made: ${messageOf(error)}`);
  }
  await writeFileAtomic(join(folder, file), bytes);
  await writeModelCard(folder, updated);
  return updated;
}

/** Writes a model's card anew. */
export async function writeModelCard(folder: string, card: ModelCard): Promise<void> {
  await writeFileAtomic(join(folder, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
}
