/** Writes models: the card and one weights file a network. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OutputError } from '../errors.js';
import { writeFileAtomic } from '../files/index.js';
import { CARD_FILE, type ModelCard, type NetworkEntry } from './model-card.js';
import { formatSafetensors, type Weights } from './safetensors.js';

/** Writes `weights` as float16 to `<network>.safetensors` and the card that lists it. */
export async function writeModelNetwork(
  folder: string,
  card: ModelCard,
  network: keyof ModelCard['networks'],
  weights: Weights,
  entry: Omit<NetworkEntry, 'weights'>,
): Promise<ModelCard> {
  const file = `${network}.safetensors`;
  const updated = { ...card, networks: { ...card.networks, [network]: { ...entry, weights: file } } };
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new OutputError(`${folder}: the model folder cannot be made: ${messageOf(error)}`);
  }
  const metadata = { model: card.name, network };
  await writeFileAtomic(join(folder, file), formatSafetensors(weights, { type: 'float16', metadata }));
  await writeFileAtomic(join(folder, CARD_FILE), `${JSON.stringify(updated, null, 2)}\n`);
  return updated;
}
