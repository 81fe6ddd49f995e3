/** Encoders by other programs' names, imported and run, against those programs' layout in PyTorch (tools/reference). */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKBONES, type BackboneName } from '@twnet/core/network/backbones';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { LayerList } from '@twnet/core/network/layers';
import { GraphSession } from '@twnet/node/engine/session';
import { type MadeTensor, tfjsModel, torchZip } from '@twnet/testing/made-weight-files';
import { importEncoder } from '@twnet/train/import/import-encoder';
import type { PixelRange } from '@twnet/train/import/names/naming';
import { afterAll, describe, expect, it } from 'vitest';
import { uniform } from './generated.js';

interface Fixture {
  readonly backbone: BackboneName;
  readonly pixels: PixelRange;
  readonly layout: 'torch' | 'tfjs';
  readonly image: [rows: number, columns: number];
  readonly tensors: [name: string, shape: number[], fanIn: number][];
  readonly outputs: Record<
    string,
    { shape: number[]; maxAbs: number; samples: [index: number, value: number][] }
  >;
}

const fixtures = new URL('../fixtures/weights/', import.meta.url);
const names = readdirSync(fixtures).filter((name) => name.startsWith('imported-'));
const folder = mkdtempSync(join(tmpdir(), 'twnet-imported-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The values that tools/reference/make_state_dicts.py gives a tensor of this name. */
function generated(name: string, shape: readonly number[], fanIn: number): Float32Array {
  const last = name.split(/[./]/).at(-1)!;
  const rule = (u: number): number => {
    if (shape.length > 1) return (u - 0.5) * Math.sqrt(12) * Math.sqrt(2 / fanIn);
    if (last === 'running_var' || last === 'moving_variance') return 0.5 + u;
    return last === 'weight' || last === 'gamma' ? 0.75 + 0.5 * u : (u - 0.5) * 0.2;
  };
  const values = uniform(
    name,
    shape.reduce((product, extent) => product * extent, 1),
  );
  for (let i = 0; i < values.length; i++) values[i] = rule(values[i]);
  return new Float32Array(values);
}

/** Writes the file that the other program would have written; gives its path. */
function writeFixture({ tensors, layout }: Fixture): string {
  const made = new Map<string, MadeTensor>(
    tensors.map(([name, shape, fanIn]) => [name, { shape, data: generated(name, shape, fanIn) }]),
  );
  const files = layout === 'torch' ? { 'encoder.pth': torchZip(made) } : tfjsModel(made);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return join(folder, Object.keys(files)[0]);
}

describe.each(names)('%s', (name) => {
  it('computes the reference heads to 1e-4 of their size', async () => {
    const fixture: Fixture = JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'));
    const { weights, report } = await importEncoder(writeFixture(fixture), { backbone: fixture.backbone });
    expect(report.pixels).toBe(fixture.pixels);
    expect([report.head, report.ignored]).toEqual([[], []]);

    const [rows, columns] = fixture.image;
    const list = new LayerList();
    const { append, normalisation } = BACKBONES[fixture.backbone];
    const taps = append(list, list.pixels('image', normalisation));
    const description = { name: 'encoder', layers: list.layers, outputs: { ...taps } };
    const named = new Map([...weights].map(([key, tensor]) => [`encoder.${key}`, tensor]));
    const session = await GraphSession.open(inferenceGraph(description, named, rows, columns), {
      threads: 2,
    });
    const image = Uint8Array.from(uniform('input.image', 3 * rows * columns), (u) => Math.floor(u * 256));
    const results = await session.run({ image });
    await session.close();
    for (const [head, { shape, maxAbs, samples }] of Object.entries(fixture.outputs)) {
      expect(results[head]).toHaveLength(shape.reduce((product, extent) => product * extent, 1));
      for (const [index, value] of samples)
        expect(Math.abs(Number(results[head][index]) - value), `${head}[${index}]`).toBeLessThan(
          1e-4 * Math.max(1, maxAbs),
        );
    }
  });
});
