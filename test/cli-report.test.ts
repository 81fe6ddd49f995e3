/** The report as a process, with models of random weights: what it writes, not how good they are. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-report-'));
  await writeRandomModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('twnet report', () => {
  const street = [
    '--street-frames',
    '6',
    '--size',
    '96x64',
    '--gop',
    '3',
    '--starts',
    '2',
    '--no-speed',
    '--motions',
    'codec,accumulated',
    '--threads',
    '1',
  ];
  const given = (...args: string[]) => [
    ...['report', '-o', join(folder, 'out'), ...street, ...args, '--model', join(folder, 'model')],
  ];
  const run = (...args: string[]) => twnet(...given(...args));
  const refused = (...args: string[]) => twnetHere(...given(...args));
  const texts = async () =>
    Promise.all(
      ['report.html', 'report.md', 'report.json'].map((name) => readFile(join(folder, 'out', name), 'utf8')),
    );

  it('writes every table and figure, names what is missing, and resumes with the same figures', async () => {
    const { exitCode, stderr, stdout } = await run('--json');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).failures).toEqual([]);
    const [html, markdown, json] = await texts();
    const sections: { id: string; tables: { rows: (string | null)[][] }[]; missing: string[] }[] =
      JSON.parse(json).sections;
    for (const id of [
      'table-1',
      'table-2',
      'table-3',
      'table-4',
      'table-5',
      'table-6',
      'table-8',
      'table-9',
      'figure-7',
      'figure-8',
    ])
      expect(html, id).toContain(`id="${id}"`);
    const table = (id: string) => sections.find((section) => section.id === id)!;
    const [, clip] = /class="recording">(.*?)<\/script>/.exec(html)!;
    expect(JSON.parse(clip)).toMatchObject({
      ...{ name: 'street-901', width: 96, height: 64 },
      ways: ['+ RGA', 'every frame on its own', 'warping alone'].map((way) => expect.stringContaining(way)),
      frames: { length: 6, 4: { type: 'P', kind: 'nonkey', distance: 1 } },
    });
    // Warping alone and the full network are there; fine-tuning alone is of no model given.
    const layer1 = table('table-3').tables[0].rows.filter(([name]) => name === 'Layer 1');
    expect(layer1.map((row) => /^\d/.test(row[6] ?? ''))).toEqual([true, false, false, true]);
    expect(table('table-3').missing.join()).toMatch(/fine-tuned at Layer 1/);
    expect(table('summary').missing.join()).toMatch(/--data/);
    for (const file of await readdir(join(folder, 'out', 'images')))
      expect(markdown).toContain(`images/${file}`);

    const kept = await readdir(join(folder, 'out', 'measured'));
    const again = await run('--json');
    expect(again.exitCode).toBe(0);
    expect(await texts()).toEqual([html, markdown, json]);
    expect(await readdir(join(folder, 'out', 'measured'))).toEqual(kept);
  });

  it('measures the rest where a model is of other classes', async () => {
    const other = join(folder, 'other');
    await cp(join(folder, 'model'), other, { recursive: true });
    const card = JSON.parse(await readFile(join(other, 'model.json'), 'utf8'));
    card.classes[0] = 'heaven';
    await writeFile(join(other, 'model.json'), JSON.stringify(card));
    const result = await run('--json', '--model', other);
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout).failures).toEqual([
      'other on street-901: the clip’s labels are of other classes',
    ]);
  });

  it('says in a line what cannot be used', async () => {
    expectOneLine(await refused('--clip', join(folder, 'nowhere')), 2, /nowhere/);
    expectOneLine(await refused('--no-street'), 2, /nothing to measure on/);
    await mkdir(join(folder, 'twice'));
    await cp(join(folder, 'model'), join(folder, 'twice', 'model'), { recursive: true });
    expectOneLine(await refused('--model', join(folder, 'twice', 'model')), 2, /two models are called model/);
    expectOneLine(await refused('--motions', 'guess'), 2, /codec/);
  });
});
