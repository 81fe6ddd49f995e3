import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Model as ModelFolder, PAPER_MODEL } from '@twnet/node/model/model';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.js';
import { Model } from './model.js';

/** The shipped model's files, one of them changed. */
const files = (changed?: string, change = (bytes: Uint8Array) => bytes) => ({
  read: async (name: string) => {
    const bytes = new Uint8Array(await readFile(join(PAPER_MODEL, name)));
    return name === changed ? change(bytes) : bytes;
  },
});

const withCard = (change: (card: { networks: Record<string, { sha256?: string }> }) => void) =>
  files('model.json', (bytes) => {
    const card = JSON.parse(new TextDecoder().decode(bytes));
    change(card);
    return new TextEncoder().encode(JSON.stringify(card));
  });

describe('a model from bytes', () => {
  it('is what the folder of the same files is, its digest included', async () => {
    const [model, folder] = await Promise.all([Model.read(files()), ModelFolder.open('camvid-mobilenet-v1')]);
    expect(model.card).toEqual(folder.card);
    expect(model.digest).toBe(folder.digest);
    expect(model.keyFrame(1).description).toEqual(folder.keyFrame(1).description);
    const [ours, theirs] = await Promise.all([model.nonKeyFrame(2), folder.nonKeyFrame(2)]);
    expect([...ours.weights.keys()]).toEqual([...theirs.weights.keys()]);
    const name = [...ours.weights.keys()][0];
    expect(ours.weights.get(name)).toEqual(theirs.weights.get(name));
  });

  it('has the same digest where its card names none, and takes the hash that it is given', async () => {
    const shipped = await ModelFolder.open('camvid-mobilenet-v1');
    const old = withCard(({ networks }) => {
      for (const entry of Object.values(networks)) delete entry.sha256;
    });
    expect((await Model.read(old)).digest).toBe(shipped.digest);
    const hashed: number[] = [];
    const sha256 = (bytes: Uint8Array) => String(hashed.push(bytes.length));
    expect((await Model.read({ ...old, sha256 })).digest).toBe('4');
    expect(hashed).toHaveLength(4);
  });

  it('is refused where a file is damaged or is another, by its name', async () => {
    const flipped = files('key.safetensors', (bytes) => {
      bytes[bytes.length - 1] ^= 4;
      return bytes;
    });
    const refusal = Model.read(flipped);
    await expect(refusal).rejects.toThrow(InputError);
    await expect(refusal).rejects.toThrow(/^key\.safetensors: .*SHA-256/);
    const other = files('model.json', () => new TextEncoder().encode('{'));
    await expect(Model.read(other)).rejects.toThrow(/^model\.json: is not JSON/);
    const layer2 = withCard(({ networks }) => delete networks.layer2);
    const model = await Model.read({ ...layer2, folder: 'https://models.example/camvid' });
    await expect(model.nonKeyFrame(2)).rejects.toThrow(/^https:\/\/models\.example\/camvid: has no non-key/);
  });
});
