/** Models that cannot be trusted: damaged weights, and cards that somebody else wrote. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { formatSafetensors, parseSafetensors } from '@twnet/core/network/safetensors';
import { Model, PAPER_MODEL } from '@twnet/node/model/model';
import { modelDigest } from '@twnet/node/model/model-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';

const root = mkdtempSync(join(tmpdir(), 'twnet-trust-'));
const made = join(root, 'made');
beforeAll(() => writeRandomModel(made));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A card as JSON gives it: whatever. */
type LooseCard = ReturnType<typeof JSON.parse>;

let copies = 0;
function copy(): string {
  const folder = join(root, String(copies++));
  cpSync(made, folder, { recursive: true });
  return folder;
}

/** A copy whose card was changed, or is this text. */
function withCard(change: string | ((card: LooseCard) => void)): string {
  const folder = copy();
  const path = join(folder, 'model.json');
  const card = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof change !== 'string') change(card);
  writeFileSync(path, typeof change === 'string' ? change : JSON.stringify(card));
  return folder;
}

const withoutDigests = (card: LooseCard): void => {
  for (const entry of Object.values<Record<string, unknown>>(card.networks)) delete entry.sha256;
};

async function refusal(folder: string, use = (model: Model) => model.nonKeyFrame(1) as Promise<unknown>) {
  const error = await Model.open(folder)
    .then(use)
    .then(
      () => new Error('nothing was refused'),
      (thrown: Error) => thrown,
    );
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).not.toContain('\n');
  return error.message;
}

describe('weights', () => {
  it('are known by the digest of their files, as the agreed formula says', async () => {
    const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
    const names = ['key.safetensors', 'layer1.safetensors', 'layer2.safetensors'];
    const lines = names.map((name) => `${name} ${hash(readFileSync(join(PAPER_MODEL, name)))}\n`);
    const model = await Model.open('camvid-mobilenet-v1');
    expect(model.digest).toBe(hash(lines.join('')));
    expect(await modelDigest(PAPER_MODEL)).toBe(model.digest);
    const { key, layer1, layer2 } = model.card.networks;
    expect([key, layer1, layer2].map((entry) => `${entry?.weights} ${entry?.sha256}\n`)).toEqual(lines);
  });

  it.each(['key', 'layer1'])('with one flipped bit anywhere are refused: %s', async (network) => {
    const size = readFileSync(join(made, `${network}.safetensors`)).length;
    for (const at of [0, 9, Math.floor(size / 3), size - 1]) {
      const folder = copy();
      const path = join(folder, `${network}.safetensors`);
      const bytes = readFileSync(path);
      bytes[at] ^= 4;
      writeFileSync(path, bytes);
      expect(await refusal(folder)).toMatch(new RegExp(`${network}.safetensors: .*SHA-256`));
    }
  });

  it('cut off are refused, with and without a digest', async () => {
    for (const change of [() => undefined, withoutDigests]) {
      const folder = withCard(change);
      const path = join(folder, 'key.safetensors');
      writeFileSync(path, readFileSync(path).subarray(0, 100_000));
      expect(await refusal(folder)).toMatch(/key\.safetensors: .*(SHA-256|outside the file)/);
    }
  });

  it.each([
    ['a value that is no number', /\.kernel|\.weight/, Number.NaN],
    ['an infinite value', /gamma|scale/, Number.NEGATIVE_INFINITY],
    ['a negative variance', /variance/, -1],
  ])('without a digest are refused for %s, by the tensor', async (_what, names, value) => {
    const folder = withCard(withoutDigests);
    const path = join(folder, 'layer1.safetensors');
    const { tensors } = parseSafetensors(readFileSync(path), path);
    const name = [...tensors.keys()].find((one) => names.test(one)) ?? [...tensors.keys()][0];
    tensors.get(name)!.data[0] = value;
    writeFileSync(path, formatSafetensors(tensors, { type: 'float16' }));
    const message = await refusal(folder);
    expect(message).toContain('layer1.safetensors');
    expect(message).toContain(`${name} holds`);
  });

  it('of an earlier version, without digests, still open', async () => {
    const model = await Model.open(withCard(withoutDigests));
    expect(model.classes).toBe(11);
    await model.nonKeyFrame(1);
  });
});

/** Sets the value at a path like `classes.0`. */
const put = (path: string, value: unknown) => (card: LooseCard) => {
  const keys = path.split('.');
  const last = keys.pop() as string;
  keys.reduce((at, key) => at[key], card)[last] = value;
};

describe('cards', () => {
  it.each([
    ['../made/key.safetensors'],
    ['../../x.safetensors'],
    ['/etc/passwd'],
    ['C:\\x.safetensors'],
    ['..\\x'],
    ['sub/../../made/key.safetensors'],
    ['.'],
  ])('name no weights outside the folder: %s', async (weights) => {
    const folder = withCard((card) => {
      card.networks.key = { weights };
    });
    expect(await refusal(folder)).toMatch(/model\.json: names the weights file .* not inside/);
  });

  it('name no weights outside the folder by a link, file or folder', async () => {
    const link = withCard((card) => {
      card.networks.key = { weights: 'link.safetensors' };
    });
    symlinkSync(join(made, 'key.safetensors'), join(link, 'link.safetensors'));
    expect(await refusal(link)).toMatch(/not inside/);
    const through = withCard((card) => {
      card.networks.key = { weights: 'sub/key.safetensors' };
    });
    symlinkSync(made, join(through, 'sub'));
    expect(await refusal(through)).toMatch(/not inside/);
    // A folder that is itself reached by a link is as good as any.
    symlinkSync(made, join(root, 'linked'));
    expect((await Model.open(join(root, 'linked'))).classes).toBe(11);
  });

  it.each<[string, string | ((card: LooseCard) => void), RegExp]>([
    ['too many classes', put('classes', [...Array(1e5).keys()].map(String)), /classes/],
    ['a class of no name', put('classes.0', ''), /classes\.0/],
    ['a class named like a prototype', put('classes.0', '__proto__'), /classes\.0/],
    ['a class twice', put('classes.0', 'building'), /twice/],
    ['terminal codes in its name', put('name', '\u001b[2J'), /name: .*control/],
    ['a colour too few', (card) => void card.palette.pop(), /palette: has 10 colours for 11 classes/],
    ['a colour that is none', put('palette.3', [0, 256, 0]), /palette\.3\.1/],
    ['a half colour', put('palette.3', [0.5, 0, 0]), /palette\.3\.0/],
    ['classes of another type', put('classes', { length: 11 }), /classes/],
    ['weights of another type', put('networks.key.weights', ['key.safetensors']), /weights/],
    ['a digest that is none', put('networks.key.sha256', 'ABC'), /sha256/],
    ['no networks', put('networks', null), /networks/],
    ['a rank without end', put('networks.layer1.tailRank', 1e9), /tailRank/],
    ['a list in its place', '[]', /model\.json/],
    ['no JSON', '{', /is not JSON/],
    ['a key __proto__', '{"__proto__": {"classes": []}}', /__proto__/],
  ])('with %s are refused', async (_what, change, message) => {
    expect(await refusal(withCard(change))).toMatch(message);
  });
});
