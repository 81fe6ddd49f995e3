/**
 * `npx tsx tools/mix-models.ts START END SHARE OUT`: a model whose key-frame network lies a share of the way from one to
 * another (Wortsman et al. 2022), with END's operating points. Their encoders are to be the key-frame network's own.
 */
import type { NetworkEntry } from '@twnet/core/model/model-card';
import { SPEEDS } from '@twnet/core/network/operating-point';
import type { Weights } from '@twnet/core/network/safetensors';
import { Model } from '@twnet/node/model/model';
import { writeModelNetwork } from '@twnet/node/model/model-writer';
import { interpolated } from '@twnet/train/run/weight-average';

const [start, end, share, out] = process.argv.slice(2);
const [from, to] = await Promise.all([Model.open(start), Model.open(end)]);
const key = interpolated(from.keyFrame().weights, to.keyFrame().weights, Number(share));
const { networks } = to.card;
let card = await writeModelNetwork(
  out,
  { ...to.card, networks: {} as typeof networks },
  'key',
  key,
  told(networks.key),
);
for (const speed of SPEEDS) {
  const entry = networks[speed];
  if (!entry) continue;
  const { weights } = await to.nonKeyFrame(speed, false);
  const own: Weights = new Map([...weights].map(([name, tensor]) => [name, key.get(name) ?? tensor]));
  card = await writeModelNetwork(out, card, speed, own, told(entry));
}
process.stdout.write(`wrote ${out}: ${Object.keys(card.networks).join(', ')}\n`);

/** What a card says of a network, but for its file and for figures, which are another network's. */
function told({
  weights: _,
  sha256: __,
  figures: ___,
  ...entry
}: NetworkEntry): Omit<NetworkEntry, 'weights' | 'sha256'> {
  return entry;
}
