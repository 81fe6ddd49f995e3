/** Street scenes mixed into both training steps. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelCard } from '@twnet/node/model/model-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { writeTinyCamVid } from './tiny-camvid.js';

const SIZE = 64;

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-streets-'));
  await writeTinyCamVid(at('camvid'), SIZE);
  await writeRandomModel(at('model'), 'mobilenet-v1');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet train with streets beside the stills', () => {
  const mixed = {
    size: { width: SIZE, height: SIZE },
    batch: 4,
    steps: 2,
    holdOut: 0,
    data: { street: 0.25 },
  };
  const run = async (step: string, name: string, config: object, more: string[] = []) => {
    writeFileSync(at(`${name}.json`), JSON.stringify(config));
    const place = ['--data', at('camvid'), '--out', at(name), '--config', at(`${name}.json`)];
    const result = await twnet('train', step, ...place, '--threads', '2', '--quiet', ...more);
    expect(result.stderr).toBe('');
    const log = readFileSync(at(name, 'log.jsonl'), 'utf8').trim().split('\n');
    return log.map((line) => JSON.parse(line).loss).filter((loss) => loss !== undefined);
  };

  it('learns on them in step 1, and says so', async () => {
    const losses = await run('key', 'key', mixed);
    expect(losses).toHaveLength(2);
    expect(await run('key', 'plain', { ...mixed, data: {} })).not.toEqual(losses);
    const { provenance } = await readModelCard(at('key', 'model'));
    expect(provenance.trainedOn).toMatch(/CamVid.*; generated street scenes$/);
  });

  it('and on clips of them in step 2', async () => {
    const config = { ...mixed, batch: 2, clipLength: 2, correction: { steps: 0 } };
    expect(await run('nonkey', 'nonkey', config, ['--model', at('model')])).toHaveLength(2);
  });
});
