/** A whole segmenter from a file that its authors could have written. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CITYSCAPES } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { modelCardSchema } from '@twnet/core/model/model-card';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { randomWeights } from '@twnet/core/network/random-weights';
import { formatSafetensors, type Weights } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';
import { seededRandom } from '@twnet/core/random';
import { GraphSession } from '@twnet/node/engine/session';
import { torchZip } from '@twnet/testing/made-weight-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importSegmenter } from './import-segmenter.js';
import { theirName } from './names/efficientvit.js';

const [height, width] = [33, 70];
const description = efficientVitSegmenter(19);
const weights = randomWeights(description, seededRandom(5));
const folder = mkdtempSync(join(tmpdir(), 'twnet-segmenter-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The network's own weights and golden tensors under its authors' names. */
let file: Weights;

/** Writes the file with changes; gives its path. */
function write(name: string, change: (tensors: Weights) => void = () => {}, metadata = {}): string {
  const tensors = new Map([...file].map(([key, { shape, data }]) => [key, { shape, data: data.slice() }]));
  change(tensors);
  const path = join(folder, name);
  writeFileSync(
    path,
    name.endsWith('.pt') ? torchZip(tensors) : formatSafetensors(tensors, { type: 'float32', metadata }),
  );
  return path;
}

beforeAll(async () => {
  file = new Map(
    networkParameters(description).map(({ name, role }) => [theirName(name, role), weights.get(name)!]),
  );
  const pixels = Float32Array.from({ length: 3 * height * width }, (_, i) => (i * 37 + (i >> 5)) % 256);
  const outputs = { stage2: 'encoder.stage2.block1.sum', scores: 'classifier' };
  const graph = inferenceGraph({ ...description, outputs }, weights, height, width);
  await using session = await GraphSession.open(graph, { threads: 1 });
  const { stage2, scores } = await session.run({ image: Uint8Array.from(pixels) });
  file.set('golden.pixels', { shape: [3, height, width], data: pixels });
  file.set('golden.stage2', { shape: [32, 5, 9], data: stage2 as Float32Array });
  file.set('golden.scores.linear', { shape: [19, 5, 9], data: scores as Float32Array });
});

const refusal = (path: string): Promise<string> =>
  importSegmenter(path).then(
    () => '',
    (error: unknown) => {
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message.replace(folder, '');
    },
  );

describe('importSegmenter', () => {
  it("gives the network's weights, a card of Cityscapes' classes, and reproduces the golden tensors", async () => {
    const metadata = { source: 'somebody', licence: 'of theirs' };
    const {
      weights: read,
      card,
      report,
    } = await importSegmenter(write('b0.safetensors', undefined, metadata));
    expect(read).toEqual(weights);
    expect(modelCardSchema.parse(card)).toEqual(card);
    expect(card).toMatchObject({ architecture: 'segmenter', normalisation: 'imagenet' });
    expect(card.classes).toEqual(CITYSCAPES.classes);
    expect(card.provenance.startedFrom).toMatch(/somebody$/);
    expect(card.provenance.licence).toBe('the weights: of theirs');
    expect(report).toMatchObject({ prefix: '', ignored: [], golden: { width, height } });
    expect(Object.keys(report.golden!.differences)).toEqual(['golden.stage2', 'golden.scores.linear']);
    expect(report.golden!.largest).toBeLessThan(1e-3);
  });

  it('reads state dicts behind a prefix, which say nothing of licence or what they compute', async () => {
    const path = write('b0.pt', (tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        if (!name.startsWith('golden.')) tensors.set(`module.${name}`, tensor);
      }
      tensors.set('module.head.auxiliary', { shape: [1], data: Float32Array.of(1) });
    });
    const { weights: read, card, report } = await importSegmenter(path);
    expect(read).toEqual(weights);
    expect(card.provenance.licence).toMatch(/Apache-2\.0.*non-commercial/);
    expect(report).toMatchObject({ prefix: 'module.', ignored: ['module.head.auxiliary'] });
    expect(report.golden).toBeUndefined();
  });

  it('names what does not fit, in one line', async () => {
    const scores = write('scores.safetensors', (tensors) => {
      tensors.get('golden.scores.linear')!.data[7] += 0.02;
    });
    expect(await refusal(scores)).toMatch(
      /golden\.scores\.linear to 0\.02 only, not to 0\.001: one of the two/,
    );
    const changed = write('changed.safetensors', (tensors) => {
      tensors.get('backbone.stages.1.op_list.1.main.depth_conv.conv.weight')!.data[4] += 1;
    });
    expect(await refusal(changed)).toMatch(/^\/changed\.safetensors: its weights give golden\.stage2 to /);
    const notBytes = write('floats.safetensors', (tensors) => {
      tensors.get('golden.pixels')!.data[0] = 0.5;
    });
    expect(await refusal(notBytes)).toMatch(/golden\.pixels holds no 8-bit pixels/);
    const smaller = write('smaller.safetensors', (tensors) => {
      tensors.set('golden.stage2', { shape: [32, 4, 8], data: new Float32Array(1024) });
    });
    expect(await refusal(smaller)).toMatch(/golden\.stage2 holds 1024 values, the network gives 1440/);
    const ade = write('ade.safetensors', (tensors) => {
      const data = new Float32Array(150 * 128);
      tensors.set('head.output_ops.0.op_list.1.conv.weight', { shape: [150, 128, 1, 1], data });
    });
    expect(await refusal(ade)).toMatch(/is of 150 classes; only weights of Cityscapes' 19 can be read$/);
    const lacking = write('lacking.safetensors', (tensors) => {
      tensors.delete('head.middle.op_list.0.main.point_conv.norm.bias');
    });
    expect(await refusal(lacking)).toMatch(
      /has no tensor head\.middle\.op_list\.0\.main\.point_conv\.norm\.bias; /,
    );
  });
});
