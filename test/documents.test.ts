/** The documents' figures are those of the weights that ship; what fills and checks them sees every way out of that. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PAPER_MODEL } from '@twnet/node/model/model';
import { modelDigest, readModelCard } from '@twnet/node/model/model-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardFaults, documentFaults, pictureFaults, resultsFaults } from '../tools/documents/check.js';
import { evaluate } from '../tools/documents/expression.js';
import { documents, MEASUREMENTS, RESEARCH, RESULTS, ROOT } from '../tools/documents/files.js';
import { fill } from '../tools/documents/fill.js';
import {
  busyFaults,
  type Measurement,
  readMeasurements,
  shippedDigests,
  stampFaults,
} from '../tools/documents/measurements.js';
import { results } from '../tools/documents/results.js';
import { TABLES } from '../tools/documents/tables.js';
import { unstampedNumbers } from '../tools/documents/unstamped.js';
import { IDLE, PLAN, without } from '../tools/measure/plan.js';

const DIGEST = 'd'.repeat(64);

function measurement(figures: object, stamp: object = {}): Measurement {
  return {
    stamp: {
      weights: [{ name: 'model', digest: DIGEST }],
      version: '1.0.0',
      machine: {
        cpu: 'cpu',
        cores: 2,
        memoryGiB: 4,
        system: 'x',
        node: '20',
        onnxruntime: '1',
        twnet: '1.0.0',
      },
      busyCores: 0,
      command: 'twnet benchmark stills --data camvid',
      date: '2020-01-01T00:00:00.000Z',
      ...stamp,
    },
    ...figures,
  };
}

const measurements = new Map([
  [
    'clip',
    measurement({
      frames: 12345,
      bytes: 3 * 2 ** 20,
      columns: [
        { name: 'per frame', meanIou: 0.7368 },
        { name: 'shipped', meanIou: 0.7191, curve: [{ distance: 3, meanIou: 0.5 }] },
      ],
    }),
  ],
]);
const sources = { measurements, tables: { one: () => '| a |\n| --- |' }, planned: ['later'] };
const filled = (text: string) => fill(text, sources);

describe('the documents as they are', () => {
  const all = readMeasurements(MEASUREMENTS);
  const real = { measurements: all, tables: TABLES, planned: PLAN.map(({ name }) => name) };

  it('are filled from measurements of the weights that ship, and hold no other figures', async () => {
    expect(stampFaults(all, await shippedDigests())).toEqual([]);
    const idle = PLAN.filter(({ kind }) => kind === 'idle').map(({ name }) => name);
    expect(busyFaults(all, idle, IDLE)).toEqual([]);
    for (const name of documents())
      expect(documentFaults(name, await readFile(join(ROOT, name), 'utf8'), real)).toEqual([]);
    expect(resultsFaults(await readFile(RESULTS, 'utf8'), all.get('report'), RESEARCH)).toEqual([]);
    expect(pictureFaults(all.get('picture'), ROOT)).toEqual([]);
    expect(cardFaults(await readModelCard(PAPER_MODEL), all)).toEqual([]);
  });
});

describe('a stamp', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twnet-weights-'));
    await cp(PAPER_MODEL, folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is refused when one byte of the weights is another', async () => {
    const before = await modelDigest(folder);
    const stamped = new Map([['stills', measurement({}, { weights: [{ name: 'model', digest: before }] })]]);
    expect(stampFaults(stamped, before)).toEqual([]);
    const file = join(folder, 'layer1.safetensors');
    const bytes = await readFile(file);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(file, bytes);
    const faults = stampFaults(stamped, await modelDigest(folder));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/stills\.json: is of the weights model .* ship; measure again/);
  });

  it('is refused where it is missing, of several models one of which does not ship, or names a folder', () => {
    const faults = (stamp: object) => stampFaults(new Map([['a', measurement({}, stamp)]]), DIGEST);
    expect(faults({ weights: [] })[0]).toMatch(/has no stamp/);
    expect(stampFaults(new Map([['a', {} as Measurement]]), DIGEST)[0]).toMatch(/has no stamp/);
    const both = [
      { name: 'shipped', digest: DIGEST },
      { name: 'other', digest: 'e'.repeat(64) },
    ];
    expect(faults({ weights: both })[0]).toMatch(/weights other/);
    for (const path of ['/home/ada/camvid', '~/camvid', 'C:\\sets\\camvid'])
      expect(faults({ command: `twnet benchmark stills --data ${path}` })[0]).toMatch(/path of the machine/);
  });
});

describe('a model card', () => {
  it('has the figures that were measured', async () => {
    const card = await readModelCard(PAPER_MODEL);
    const stills = (meanIou: number) => new Map([['stills', measurement({ meanIou })]]);
    expect(cardFaults(card, stills(0.6604))).toEqual([]);
    expect(cardFaults(card, stills(0.67))).toEqual([
      expect.stringMatching(/CamVid test mIoU.* is 0\.66, .* 0\.67/),
    ]);
  });
});

describe('times', () => {
  it('are refused from a machine that did something else', () => {
    const of = (busyCores: number) => new Map([['speed', measurement({}, { busyCores })]]);
    expect(busyFaults(of(0.1), ['speed', 'memory'], 0.3)).toEqual([]);
    expect(busyFaults(of(1.5), ['memory'], 0.3)).toEqual([]);
    expect(busyFaults(of(1.5), ['speed'], 0.3)[0]).toMatch(/speed\.json: was measured while .* 1\.5 cores/);
  });
});

describe('a marker', () => {
  it('takes a figure, a ratio and a difference, in its format', () => {
    const of = (expression: string) => evaluate(expression, measurements);
    expect(of('clip.columns[name=per frame].meanIou %1')).toBe('73.7');
    expect(of('clip.columns.1.curve[distance=3].meanIou .2')).toBe('0.50');
    expect(of('clip.columns[name=shipped].meanIou / clip.columns[name=per frame].meanIou .3')).toBe('0.976');
    expect(of('clip.columns[name=shipped].meanIou - clip.columns[name=per frame].meanIou +%1')).toBe('−1.8');
    expect(of('clip.columns[name=per frame].meanIou - clip.columns[name=shipped].meanIou +%1')).toBe('+1.8');
    expect(of('clip.frames ,')).toBe('12,345');
    expect(of('clip.bytes Mi')).toBe('3.0');
    expect(of('clip.columns.0.name text')).toBe('per frame');
  });

  it('is filled in a line and around a table, and stays filled', () => {
    const text =
      'Keeps <!--= clip.columns[name=shipped].meanIou %1 -->9<!--/--> %.\n\n<!--= table one --><!--/-->\n';
    const once = filled(text);
    expect(once.faults).toEqual([]);
    expect(once.text).toBe(
      'Keeps <!--= clip.columns[name=shipped].meanIou %1 -->71.9<!--/--> %.\n\n<!--= table one -->\n\n| a |\n| --- |\n\n<!--/-->\n',
    );
    expect(filled(once.text)).toEqual(once);
    expect(documentFaults('a.md', once.text, sources)).toEqual([]);
  });

  it.each([
    [
      'a figure that was changed by hand',
      'x <!--= clip.frames , -->12,346<!--/-->',
      /12,346.*run npm run documents/,
    ],
    ['a table that was', '<!--= table one -->\n\n| b |\n\n<!--/-->', /table one/],
    [
      'a measurement that there is not',
      'x <!--= nothing.a %1 --><!--/-->',
      /no docs\/measurements\/nothing\.json/,
    ],
    [
      'a figure that was not measured',
      'x <!--= clip.columns.5.meanIou %1 --><!--/-->',
      /nothing was measured/,
    ],
    ['no format', 'x <!--= clip.frames --><!--/-->', /is not PATH FORMAT/],
    ['text as a number', 'x <!--= clip.columns.0.name %1 --><!--/-->', /not a number/],
    ['a table that there is not', '<!--= table two --><!--/-->', /no table two/],
    ['a marker that is not closed', 'x <!--= clip.frames , -->12', /not closed/],
    ['a marker that makes its line HTML', '- <!--= clip.frames , --><!--/--> frames', /begin a line/],
  ])('faults %s', (_, text, fault) => {
    expect(documentFaults('a.md', text, sources).join('\n')).toMatch(fault);
  });

  it('is a dash for what is still to be measured', () => {
    expect(filled('x <!--= later.a %1 --><!--/-->')).toEqual({
      text: 'x <!--= later.a %1 -->–<!--/-->',
      faults: [],
    });
  });
});

describe('numbers outside markers', () => {
  it.each([
    'It takes 12 ms a frame.',
    'It keeps 97 % of it.',
    'It is 1.7 times as fast.',
    'It needs 360 MiB.',
    '| Layer 1 | 71.9 |',
    'Three of 20 points, 3 GMACs, 30 frames a second.',
    'A mIoU of 66.0.',
  ])('are faults where they look measured: %s', (text) => {
    expect(unstampedNumbers(text)).toHaveLength(1);
  });

  it.each([
    'An I-frame in 12, 480×360, 11 classes, 15 Hz, Layer 1.',
    'Node 20.19 or later, FFmpeg 5.1, ONNX Runtime 1.30, Apache-2.0, Sec. 4.2, Secs. 4.4.3, 5.1.2.',
    'With `--opacity 0.5`.',
    '    twnet segment a.mp4 --scale 0.5',
    '```\n0.5 ms\n```',
    'See [this](https://a.b/1.2/x) and https://a.b/3.4.',
    'x <!--= clip.frames %1 -->66.0<!--/--> %',
    '<!-- not measured: the paper’s -->\n| 1.5 |\n| 2.5 |',
  ])('are none where they are names, code, settings or marked: %s', (text) => {
    expect(unstampedNumbers(text)).toEqual([]);
  });

  it('are marked for one paragraph alone, with a reason', () => {
    expect(unstampedNumbers('<!-- not measured: a constant -->\n1.5\n\n2.5')).toEqual([
      expect.stringMatching(/^line 4: “2\.5”/),
    ]);
    expect(unstampedNumbers('<!-- not measured: -->\n1.5')).toHaveLength(1);
  });
});

describe('the report as a document', () => {
  const columns = [{ name: 'warped' }, { name: 'paper', paper: true }, { name: 'mIoU' }];
  const section = (title: string, cell: string | null, blocks: object[] = []) => ({
    title,
    tables: [{ columns, rows: [['Layer 1', '0.95', cell]] }],
    blocks: [{ kind: 'table', table: 0 }, ...blocks],
    commands: ['twnet benchmark clip'],
    missing: [],
  });
  const chart = { kind: 'chart', file: 'images/a.svg', alt: 'a chart', sha256: 'x' };
  const picture = (name: string) => [
    { kind: 'text', text: `about ${name}` },
    { kind: 'picture', file: `images/${name}.webp`, alt: name, sha256: 'x' },
  ];
  const report = measurement({
    title: 'Report',
    about: ['About.'],
    sections: [
      section('One', '71.9', [chart, ...picture('camvid-15hz'), ...picture('figure-7-street-901')]),
      section('Two', null),
    ],
  });

  it('leaves out what was not measured and pictures of data sets', () => {
    const { markdown, pictures } = results(report);
    expect(markdown).toContain('| Layer 1 | 0.95 | 71.9 |');
    expect(markdown).toContain('![a chart](images/results/a.svg)');
    expect(markdown).toContain('about figure-7-street-901');
    expect(markdown).not.toMatch(/Two|camvid-15hz/);
    expect(pictures.map(({ file }) => file)).toEqual(['images/a.svg', 'images/figure-7-street-901.webp']);
  });

  it('is a fault when it or a picture is another', () => {
    const { markdown } = results(report);
    expect(resultsFaults(markdown.replace('71.9', '72.9'), report, RESEARCH)[0]).toMatch(/results\.md/);
    expect(resultsFaults(markdown, report, RESEARCH)).toEqual([
      expect.stringMatching(/a\.svg: is not the report's/),
      expect.stringMatching(/street-901\.webp/),
    ]);
  });
});

describe('what a measurement drops', () => {
  it('is left out at any depth but in the stamp', () => {
    expect(without({ stamp: { machine: 1 }, machine: 2, a: [{ machine: 3, b: 4 }] }, ['machine'])).toEqual({
      stamp: { machine: 1 },
      a: [{ b: 4 }],
    });
  });
});
