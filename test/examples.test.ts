/** The programs under examples/, as processes, with the built package as their `twnet`. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { loadLabels } from '@twnet/node/images/label-image';
import { readModelCard } from '@twnet/node/model/model-files';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { openVideo } from '@twnet/node/video/open-video';
import { StreetScene } from '@twnet/street/street-scene';
import { writeIds, writePicture } from '@twnet/testing/made-sets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUILT = new URL('../packages/twnet/dist/twnet/src/index.js', import.meta.url).href;
const { segment } = (await import(BUILT)) as typeof import('../packages/twnet/src/index.js');
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'twnet-examples-'));
const at = (...parts: string[]) => join(folder, ...parts);
const SIZE = { width: 96, height: 64 };
const FRAMES = 4;
const clip = at('drive.mp4');
beforeAll(() => writePanningVideo(clip, { ...SIZE, frames: FRAMES }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts an example; that configuration has no paths, so that the package is the one in node_modules, built. */
function start(file: string, args: readonly string[], env: object = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join('examples', file), ...args], {
    cwd: ROOT,
    env: { ...process.env, TSX_TSCONFIG_PATH: 'tsconfig.build.json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function run(file: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(file, args);
  let [out, err] = ['', ''];
  child.stdout!.on('data', (text) => {
    out += text;
  });
  child.stderr!.on('data', (text) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

it('has a README for each, and a test', () => {
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  const listed = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');
  const tests = readFileSync(fileURLToPath(import.meta.url), 'utf8');
  for (const { name } of folders) {
    expect(existsSync(join(ROOT, 'examples', name, 'README.md')), name).toBe(true);
    expect(listed).toContain(`[${name}](${name}/)`);
    expect(tests).toContain(`'${name}/`);
  }
  expect(folders).toHaveLength(5);
});

describe('label-a-file', () => {
  it('writes the labels that segment gives, and says how much there is of each class', async () => {
    const ran = await run('label-a-file/label.ts', clip, at('labels'));
    expect({ ...ran, out: '' }).toEqual({ code: 0, out: '', err: '' });
    const shares = ran.out
      .trim()
      .split('\n')
      .map((line) => Number(/: ([\d.]+) %$/.exec(line)?.[1]));
    await using drive = await segment(clip);
    const { classes, palette } = drive;
    expect(shares).toHaveLength(classes.length);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(100, 0);
    for await (const { frame, labels } of drive) {
      const file = at('labels', `${String(frame.index).padStart(6, '0')}.png`);
      expect((await loadLabels(file, palette)).labels).toEqual(labels);
    }
    expect(readdirSync(at('labels')).filter((name) => name.endsWith('.png'))).toHaveLength(FRAMES);
  });

  it('says in a line what it cannot read', async () => {
    const ran = await run('label-a-file/label.ts', at('none.mp4'), at('none'));
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(/^\S*none\.mp4: no such file.*\n$/);
  });
});

it('own-sink hides people and cars, and nothing else', async () => {
  const street = at('street.mp4');
  const size = { width: 160, height: 128 };
  await using writer = await encodeVideo({ output: street, ...size, frameRate: 25 });
  for (const { pixels } of new StreetScene({ seed: 3, ...size, frameRate: 25 }).frames(3))
    await writer.write(pixels);
  await writer.finish();
  const ran = await run('own-sink/hide.ts', street, at('hidden.mp4'));
  expect({ ...ran, out: '' }).toEqual({ code: 0, out: '', err: '' });

  await using hidden = await openVideo(at('hidden.mp4'));
  const after = hidden[Symbol.asyncIterator]();
  await using drive = await segment(street, { model: 'camvid-mobilenet-v1' });
  const hiddenIds = ['pedestrian', 'bicyclist', 'car'].map((name) => drive.classes.indexOf(name));
  const sums = { hidden: 0, black: 0, shown: 0, kept: 0 };
  for await (const { frame, labels } of drive) {
    const { value } = await after.next();
    expect(value?.timestamp).toBeCloseTo(frame.timestamp, 3);
    for (const [i, id] of labels.entries()) {
      const isHidden = hiddenIds.includes(id);
      sums[isHidden ? 'hidden' : 'shown']++;
      if (isHidden) sums.black += value!.pixels[i] < 48 ? 1 : 0;
      else sums.kept += Math.abs(value!.pixels[i] - frame.pixels[i]) < 48 ? 1 : 0;
    }
  }
  expect(sums.hidden).toBeGreaterThan(100);
  expect(sums.black / sums.hidden).toBeGreaterThan(0.8);
  expect(sums.kept / sums.shown).toBeGreaterThan(0.95);
});

it('motion-and-residuals prints the motion of each frame', async () => {
  const { code, out, err } = await run('motion-and-residuals/motion.ts', clip);
  expect({ code, err }).toEqual({ code: 0, err: 'vectors: codec\n' });
  const [first, ...others] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first).toEqual({
    ...{ frame: 0, seconds: 0, type: 'I', blocks: 0, covered: 0, vector: [0, 0], residual: null },
  });
  expect(others).toHaveLength(FRAMES - 1);
  for (const { type, blocks, covered, vector, residual } of others) {
    expect({ type, blocks: blocks > 10, covered: covered > 0.8 }).toEqual({
      type: 'P',
      blocks: true,
      covered: true,
    });
    // The made video pans by two pixels and one.
    expect(vector[0]).toBeCloseTo(-2, 0);
    expect(vector[1]).toBeCloseTo(-1, 0);
    expect(residual).toBeLessThan(20);
  }
});

describe('http-server', () => {
  let child: ChildProcess;
  let address: string;
  const temporary = at('tmp');
  const post = (body: string | Uint8Array<ArrayBuffer>) => fetch(address, { method: 'POST', body });
  const refusal = async (answer: Promise<Response>): Promise<[number, string]> => {
    const response = await answer;
    expect(response.headers.get('content-type')).toBe('application/json');
    return [response.status, ((await response.json()) as { error: string }).error];
  };

  beforeAll(async () => {
    mkdirSync(temporary);
    const env = { PORT: '0', LARGEST_UPLOAD: '400000', TMPDIR: temporary };
    child = start('http-server/server.ts', [], env);
    address = await new Promise<string>((resolve, reject) => {
      child.stdout!.once('data', (line) => resolve(String(line).trim()));
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
  });
  afterAll(() => child.kill());

  it('segments an upload', async () => {
    const response = await post(readFileSync(clip));
    expect(response.status).toBe(200);
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(FRAMES + 2);
    expect(lines[0]).toMatchObject({ ...SIZE, classes: expect.arrayContaining(['road']) });
    for (const { pixels } of lines.slice(1, -1)) {
      const areas = Object.values<number>(pixels);
      expect(areas.reduce((sum, area) => sum + area)).toBe(SIZE.width * SIZE.height);
    }
    expect(lines.at(-1)).toEqual({ losses: [] });
  });

  it('answers with JSON to what it does not take', async () => {
    expect(await refusal(post('It was a dark night.\n'.repeat(50)))).toEqual([
      422,
      expect.stringMatching(/^the upload: is (not a video|text)/),
    ]);
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://${clip}\n#EXT-X-ENDLIST\n`;
    expect(await refusal(post(playlist))).toEqual([422, expect.stringMatching(/playlist/)]);
    expect(await refusal(post(''))).toEqual([400, expect.stringMatching(/empty/)]);
    expect(await refusal(post(new Uint8Array(2_000_000)))).toEqual([413, 'more than 400000 bytes']);
    expect(await refusal(fetch(address))).toEqual([405, expect.any(String)]);
    expect(await refusal(fetch(new URL('/', address)))).toEqual([404, expect.any(String)]);
  });

  it('takes two at a time, forgets clients that leave, and leaves no file', async () => {
    const bytes = readFileSync(clip);
    const answered = async (): Promise<number> => {
      const response = await post(bytes);
      await response.text();
      return response.status;
    };
    const statuses = await Promise.all([1, 2, 3].map(answered));
    expect(statuses.sort()).toEqual([200, 200, 503]);
    const leaving = new AbortController();
    const left = fetch(address, { method: 'POST', body: bytes, signal: leaving.signal });
    setTimeout(() => leaving.abort(), 30);
    await left.catch(() => undefined);
    // An upload counts until its networks are closed and its file is gone.
    let status = 503;
    while (status === 503) status = await answered();
    expect(status).toBe(200);
    const uploads = () => readdirSync(temporary).filter((name) => name.startsWith('upload-'));
    for (let i = 0; i < 200 && uploads().length > 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(uploads()).toEqual([]);
    expect(child.exitCode).toBeNull();
  });
});

it('train-on-your-own trains a model of its folder’s classes and labels a clip with it', async () => {
  const classes = [
    { name: 'grass', colour: [0, 200, 0] },
    { name: 'dog', colour: [120, 60, 0] },
  ];
  for (const name of ['a', 'b']) {
    await writePicture(at('yard/images/train', `${name}.png`), [40, 160, 30], 32, 32);
    await writeIds(at('yard/labels/train', `${name}.png`), [0, 0, 1], 32, 32);
  }
  writeFileSync(
    at('yard/classes.json'),
    JSON.stringify({ name: 'yard', classes, labels: 'ids', ignore: [] }),
  );
  const step = { size: { width: 32, height: 32 }, batch: 1, steps: 1, holdOut: 0, validateEvery: 0 };
  const settings = { key: step, nonkey: { ...step, clipLength: 2, correction: { steps: 0 } } };
  writeFileSync(at('settings.json'), JSON.stringify(settings));
  const ran = await run('train-on-your-own/train.ts', at('yard'), at('run'), clip, at('settings.json'));
  expect({ ...ran, out: '' }).toEqual({ code: 0, out: '', err: '' });
  expect(ran.out).toMatch(/^step 1 of 1, loss [\d.]+$/m);
  const card = await readModelCard(at('run/key/model'));
  expect(card.classes).toEqual(['grass', 'dog']);
  expect(Object.keys(card.networks)).toEqual(['key', 'layer1']);
  expect(ran.out).toMatch(/^0 key (grass|dog) at the upper left$/m);
  expect(ran.out).toMatch(/^1 nonkey /m);
});
