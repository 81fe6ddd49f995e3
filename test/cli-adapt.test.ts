/** `twnet adapt`: an imported network learns from its own footage, is judged, and is gone on with. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOREIGN_CLASSES, foreignNetwork } from '@twnet/testing/made-foreign';
import { movingTexture, writeClip } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { twnetHere } from './run-cli-here.js';

const folder = mkdtempSync(join(tmpdir(), 'twnet-adapt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const FAST = ['--minutes', '0.02', '--threads', '1'];

beforeAll(async () => {
  await writeClip(at('clip.mp4'), movingTexture(96, 64, 96, 2, 1));
  await writeClip(at('brief.mp4'), movingTexture(96, 64, 40, 2, 1));
  await writeClip(at('short.mp4'), movingTexture(96, 64, 8, 2, 1));
  await writeFile(at('classes.json'), JSON.stringify(FOREIGN_CLASSES));
  await writeFile(at('net.onnx'), foreignNetwork('transformer'));
  const args = ['--classes', at('classes.json'), '--size', '96x64', '-o', at('model')];
  expect((await twnetHere('model', 'import', at('net.onnx'), ...args)).exitCode).toBe(0);
});

const adapt = (...args: string[]) => twnetHere('adapt', '--model', at('model'), ...FAST, ...args);
const cardOf = () => JSON.parse(readFileSync(at('model/model.json'), 'utf8'));

describe('adapting', () => {
  it('trains a point, judges it beside the network, and goes on for as long again', async () => {
    const first = await adapt(at('clip.mp4'), '--json');
    expect(first).toMatchObject({ exitCode: 0 });
    const report = JSON.parse(first.stdout);
    expect(report.samples).toBeGreaterThanOrEqual(4);
    const [own, , , , , , warped, adapted] = report.ways;
    expect(report.ways).toHaveLength(8);
    expect(own).toMatchObject({ agreement: 1, perFrame: true, frames: 24 });
    expect(own.framesPerSecond).toBeGreaterThan(0);
    for (const { agreement, flicker } of [warped, adapted]) {
      expect(agreement).toBeGreaterThan(0.3);
      expect(flicker).toBeGreaterThanOrEqual(0);
    }
    // Kept where it beats warping, and only there.
    expect('causal' in cardOf().networks).toBe(adapted.agreement >= warped.agreement);
    const page = readFileSync(at('model-adapted/adapted.html'), 'utf8');
    expect(page).toContain('twnet segment VIDEO --model');
    expect(page).toMatch(/<svg viewBox="0 0 720 340" role="img"/);
    expect(page.match(/<figure>/g)?.length).toBeGreaterThanOrEqual(3);
    expect(page).not.toMatch(/(src|href)="https?:/);

    // The same footage, wherever it is by now.
    await copyFile(at('clip.mp4'), at('moved.mp4'));
    const second = JSON.parse((await adapt(at('moved.mp4'), '--json', '-o', at('model-adapted'))).stdout);
    expect(second.samples).toBe(report.samples);
    expect(second.steps).toBeGreaterThan(report.steps);
    expect(second.outputs.map(({ what }: { what: string }) => what)).toEqual(['model', 'page']);
    if ('causal' in cardOf().networks)
      expect(cardOf().networks.causal).toMatchObject({ point: { propagated: 'scores', divisor: 4 } });
  });

  it('judges what a model has without learning, again and again, and says of which run a folder is', async () => {
    const judged = (...args: string[]) =>
      twnetHere('adapt', at('brief.mp4'), '--model', at('model'), '--threads', '1', ...args);
    for (const _ of [1, 2]) {
      const alone = await judged('--minutes', '0', '--json', '-o', at('judged'));
      expect(alone).toMatchObject({ exitCode: 0, stderr: '' });
      const { ways, steps, outputs } = JSON.parse(alone.stdout);
      expect(steps).toBe(0);
      expect(outputs.map(({ what }: { what: string }) => what)).toEqual(['page']);
      expect(ways).toHaveLength('causal' in cardOf().networks ? 8 : 6);
      expect(readFileSync(at('judged/adapted.html'), 'utf8')).toContain('on this footage');
    }
    const samples = readdirSync(at('model-adapted/samples'));
    expectOneLine(await judged('-o', at('model-adapted')), 2, /with another configuration/);
    expect(readdirSync(at('model-adapted/samples'))).toEqual(samples);
  });

  it.each(['fixed', 'labels'] as const)('adapts a network of another shape: %s', async (kind) => {
    await writeFile(at(`${kind}.onnx`), foreignNetwork(kind));
    const size = kind === 'fixed' ? [] : ['--size', '96x64'];
    const args = ['--classes', at('classes.json'), ...size, '-o', at(kind)];
    expect(await twnetHere('model', 'import', at(`${kind}.onnx`), ...args)).toMatchObject({ exitCode: 0 });
    const run = await twnetHere('adapt', ...FAST, at('brief.mp4'), '--model', at(kind), '--json');
    expect(run).toMatchObject({ exitCode: 0 });
    const { ways, recommended, steps } = JSON.parse(run.stdout);
    expect(steps).toBeGreaterThan(0);
    expect(ways[0]).toMatchObject({ perFrame: true, agreement: 1 });
    expect(recommended.agreement).toBeGreaterThan(0.5);
  });

  it('is refused of what cannot be learnt on, and of models that are not imported', async () => {
    const run = (...args: string[]) => twnetHere('adapt', ...FAST, ...args);
    expectOneLine(
      await run(at('short.mp4'), '--model', at('model'), '-o', at('o')),
      2,
      /short\.mp4: is too short to adapt/,
    );
    expectOneLine(
      await run(at('clip.mp4'), '--model', 'cityscapes', '-o', at('o')),
      2,
      /cityscapes: is no imported network/,
    );
    expectOneLine(
      await run(at('clip.mp4'), '--model', at('model'), '--minutes', '-1', '-o', at('o')),
      2,
      /a number of minutes, or 0/,
    );
  });
});
