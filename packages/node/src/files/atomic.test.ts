import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError, OutputError } from '@twnet/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  commitTemporary,
  discardAllTemporaries,
  discardTemporary,
  temporaryPathFor,
  writeFileAtomic,
} from './atomic.js';
import { AtomicFolder } from './atomic-folder.js';
import { type FolderRules, MANIFEST_FILE } from './manifest.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('writes a new file, missing folders included, and leaves nothing else', async () => {
    await writeFileAtomic(join(folder, 'a', 'b', 'out.txt'), 'hello');
    expect(readFileSync(join(folder, 'a', 'b', 'out.txt'), 'utf8')).toBe('hello');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['out.txt']);
  });

  it('replaces an older file', async () => {
    await writeFileAtomic(join(folder, 'out'), 'old');
    await writeFileAtomic(join(folder, 'out'), new Uint8Array([1, 2]));
    expect([...readFileSync(join(folder, 'out'))]).toEqual([1, 2]);
  });

  it('writes through a symbolic link', async () => {
    writeFileSync(join(folder, 'real'), 'old');
    symlinkSync('real', join(folder, 'link'));
    await writeFileAtomic(join(folder, 'link'), 'new');
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
  });

  it('names the path and the reason when a part of it is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'out');
    await expect(writeFileAtomic(path, 'x')).rejects.toThrow(OutputError);
    await expect(writeFileAtomic(path, 'x')).rejects.toThrow(/file\/out: a part of this path is a file/);
  });

  it('refuses a folder in the place of the file', async () => {
    mkdirSync(join(folder, 'out'));
    await expect(writeFileAtomic(join(folder, 'out'), 'x')).rejects.toThrow(/this is a folder/);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full, and leaves the device alone', async () => {
    await expect(writeFileAtomic('/dev/full', 'x')).rejects.toThrow(/the disk is full/);
    await writeFileAtomic('/dev/null', 'x');
    expect(existsSync('/dev/full')).toBe(true);
    expect(readFileSync('/dev/null').length).toBe(0);
  });
});

describe('temporaries', () => {
  it('keep the extension, and the final name stays free until the commit', () => {
    const path = join(folder, 'video.mp4');
    const temporary = temporaryPathFor(path);
    expect(temporary.endsWith('.mp4')).toBe(true);
    writeFileSync(temporary, 'x');
    expect(existsSync(path)).toBe(false);
    commitTemporary(temporary, path);
    expect(readdirSync(folder)).toEqual(['video.mp4']);
  });

  it('differ for the same path', () => {
    const path = join(folder, 'video.mp4');
    expect(temporaryPathFor(path)).not.toBe(temporaryPathFor(path));
    discardAllTemporaries();
  });

  it('vanish when discarded, one or all', () => {
    const one = temporaryPathFor(join(folder, 'a'));
    temporaryPathFor(join(folder, 'b'));
    discardTemporary(one);
    expect(readdirSync(folder)).toHaveLength(1);
    discardAllTemporaries();
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** A thread that writes files into a folder, whatever becomes of it. */
const WRITE_WITHOUT_END = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { writeFileSync } = require('node:fs');
  for (let i = 0; ; i++) {
    try {
      writeFileSync(workerData + '/' + i + '.png', 'x');
    } catch {}
    if (i === 200) parentPort.postMessage('busy');
  }`;

describe('AtomicFolder', () => {
  it('appears at the commit', () => {
    const target = join(folder, 'labels');
    const labels = new AtomicFolder(target);
    writeFileSync(join(labels.path, '000000.png'), 'x');
    expect(existsSync(target)).toBe(false);
    labels.commit();
    expect(readdirSync(target)).toEqual([MANIFEST_FILE, '000000.png']);
    expect(readdirSync(folder)).toEqual(['labels']);
  });

  const fill = (target: string, files: Readonly<Record<string, string>>, rules?: FolderRules) => {
    using output = new AtomicFolder(target, rules);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(output.path, name), text);
    output.commit();
  };
  const namesIn = (target: string) => readdirSync(target).filter((name) => name !== MANIFEST_FILE);

  it('keeps other files of an existing folder and replaces an earlier run’s', () => {
    const target = join(folder, 'labels');
    fill(target, { '000000.png': 'old', '000001.png': 'old' });
    writeFileSync(join(target, 'notes.txt'), 'mine');
    fill(target, { '000000.png': 'new' }, { names: /^\d+\.png$/ });
    expect(namesIn(target).sort()).toEqual(['000000.png', 'notes.txt']);
    expect(readFileSync(join(target, '000000.png'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['labels']);
  });

  it('never takes a folder that twnet did not fill, nor removes a file in it', () => {
    const target = join(folder, 'frames');
    mkdirSync(target);
    for (const name of ['000000.png', '000001.png']) writeFileSync(join(target, name), 'mine');
    expect(() => new AtomicFolder(target)).toThrow(InputError);
    expect(() => new AtomicFolder(target)).toThrow(/frames: holds files that twnet did not write.*--force/);
    expect(readdirSync(target)).toEqual(['000000.png', '000001.png']);
    fill(target, { '000000.png': 'new' }, { force: true });
    expect(namesIn(target)).toEqual(['000000.png', '000001.png']);
    // The next run knows which of them is whose.
    fill(target, { '000007.png': 'new' });
    expect(namesIn(target)).toEqual(['000001.png', '000007.png']);
    expect(readFileSync(join(target, '000001.png'), 'utf8')).toBe('mine');
  });

  it('takes an empty folder, and one behind a link', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    fill(join(folder, 'link'), { a: '1' });
    expect(namesIn(join(folder, 'real'))).toEqual(['a']);
    expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
    symlinkSync('later', join(folder, 'dangling'));
    fill(join(folder, 'dangling'), { a: '1' });
    expect(namesIn(join(folder, 'later'))).toEqual(['a']);
  });

  it('refuses to replace a file that was changed, or added under a name that it needs', () => {
    const target = join(folder, 'labels');
    fill(target, { '000000.png': 'one', '000001.png': 'two' });
    writeFileSync(join(target, '000001.png'), 'corrected by hand');
    expect(() => new AtomicFolder(target)).toThrow(/000001\.png was changed after twnet wrote it/);
    fill(target, { '000000.png': 'new' }, { force: true });
    expect(readFileSync(join(target, '000001.png'), 'utf8')).toBe('corrected by hand');
    expect(() => new AtomicFolder(target, { names: /^\d+\.png$/ })).toThrow(/000001\.png is not twnet's/);
    const late = new AtomicFolder(target);
    writeFileSync(join(late.path, '000005.png'), 'new');
    writeFileSync(join(target, '000005.png'), 'put there meanwhile');
    expect(() => late.commit()).toThrow(OutputError);
    expect(readFileSync(join(target, '000005.png'), 'utf8')).toBe('put there meanwhile');
  });

  it('removes nothing that a list names outside of its folder', () => {
    const target = join(folder, 'labels');
    fill(target, { a: '1' });
    writeFileSync(join(folder, 'mine'), 'x');
    const names = ['../mine', join(folder, 'mine'), 'b/../../mine', '..\\mine'];
    const files = Object.fromEntries(names.map((name) => [name, null]));
    writeFileSync(join(target, MANIFEST_FILE), JSON.stringify({ files }));
    fill(target, { b: '2' }, { force: true });
    expect(existsSync(join(folder, 'mine'))).toBe(true);
  });

  it('leaves nothing when disposed of without a commit', () => {
    {
      using labels = new AtomicFolder(join(folder, 'labels'));
      writeFileSync(join(labels.path, '000000.png'), 'x');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing when thrown away while a thread still writes into it', async () => {
    for (let round = 0; round < 5; round++) {
      const output = new AtomicFolder(join(folder, 'labels'));
      const writer = new Worker(WRITE_WITHOUT_END, { eval: true, workerData: output.path });
      await new Promise((resolve) => writer.once('message', resolve));
      output.discard();
      await writer.terminate();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('refuses a file in its place', () => {
    writeFileSync(join(folder, 'labels'), '');
    expect(() => new AtomicFolder(join(folder, 'labels'))).toThrow(OutputError);
  });
});
