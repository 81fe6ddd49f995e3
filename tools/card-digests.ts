/** Writes the SHA-256 of each weights file into a model folder's card: tsx tools/card-digests.ts DIR */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@twnet/node/model/model-files';

const [folder] = process.argv.slice(2);
const path = join(folder, 'model.json');
const card = JSON.parse(readFileSync(path, 'utf8'));
for (const [name, { weights, sha256: _old, ...rest }] of Object.entries<{ weights: string; sha256?: string }>(
  card.networks,
))
  card.networks[name] = { weights, sha256: sha256(readFileSync(join(folder, weights))), ...rest };
writeFileSync(path, `${JSON.stringify(card, null, 2)}\n`);
