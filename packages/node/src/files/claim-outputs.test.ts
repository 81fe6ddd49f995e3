import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, OutputError } from '@twnet/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClaimOptions, claimOutputs, type OutputClaim } from './claim-outputs.js';

let root: string;
const at = (...parts: string[]) => join(root, ...parts);
const file = (path: string, flag = '-o'): OutputClaim => ({ path, kind: 'file', flag });
const folder = (path: string, flag = '--labels'): OutputClaim => ({ path, kind: 'folder', flag });
const claim = (outputs: OutputClaim[], options?: ClaimOptions) => () => claimOutputs(outputs, options);

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'twnet-claim-')));
  writeFileSync(at('input.mp4'), 'video');
  writeFileSync(at('old.mp4'), 'mine');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('claimOutputs', () => {
  it('takes new names, also in folders that are not there yet, and leaves nothing behind', () => {
    const before = readdirSync(root);
    claimOutputs([file(at('a', 'b', 'x.mp4')), folder(at('labels')), file(at('x.json'), '--stats')], {
      inputs: [at('input.mp4'), 'https://example.org/clip.mp4', '-'],
    });
    expect(readdirSync(root)).toEqual(before);
  });

  it('refuses what exists, unless forced', () => {
    expect(claim([file(at('old.mp4'))])).toThrow(/old\.mp4: exists already.*-o.*--force/);
    expect(claim([file(at('old.mp4'))])).toThrow(InputError);
    symlinkSync(at('old.mp4'), at('link.mp4'));
    expect(claim([file(at('link.mp4'))])).toThrow(/--force/);
    expect(claim([file(at('old.mp4'))], { force: true })).not.toThrow();
  });

  it.each<[string, () => [string, string]]>([
    ['one name', () => [at('x'), at('x')]],
    ['two spellings', () => [at('x'), `${root}/./none/../x`]],
    [
      'a link to a file that is not there yet',
      () => {
        symlinkSync(at('x'), at('link'));
        return [at('x'), at('link')];
      },
    ],
    [
      'a linked folder',
      () => {
        symlinkSync(root, at('linked'));
        return [at('linked', 'x'), at('x')];
      },
    ],
    [
      'hard links',
      () => {
        linkSync(at('old.mp4'), at('hard.mp4'));
        return [at('old.mp4'), at('hard.mp4')];
      },
    ],
  ])('refuses two outputs in one file: %s', (_name, paths) => {
    const [one, two] = paths();
    const both = [file(one), file(two, '--stats')];
    expect(claim(both, { force: true })).toThrow(/-o .* and --stats .* are the same file/);
  });

  it('refuses one output within another', () => {
    expect(claim([folder(at('out')), file(at('out', 'x.mp4'))])).toThrow(/one lies within the other/);
    expect(claim([file(at('out')), folder(at('out', 'x'))])).toThrow(/one lies within the other/);
    expect(claim([folder(at('out')), folder(at('out-2'), '--motion')])).not.toThrow();
  });

  it('refuses the input, by whatever name and even if forced', () => {
    symlinkSync(at('input.mp4'), at('link.mp4'));
    linkSync(at('input.mp4'), at('hard.mp4'));
    for (const name of ['input.mp4', 'link.mp4', 'hard.mp4']) {
      const options = { inputs: [at('input.mp4')], force: true };
      expect(claim([file(at(name))], options)).toThrow(/is the input itself/);
    }
  });

  it('refuses files of an input folder, and the folder', () => {
    mkdirSync(at('model'));
    writeFileSync(at('model', 'model.json'), '{}');
    const options = { inputs: [at('model')], force: true };
    expect(claim([file(at('model', 'model.json'))], options)).toThrow(/is part of the input/);
    expect(claim([folder(at('model'))], options)).toThrow(/own folder/);
    expect(claim([file(at('model', 'new.json'))], options)).not.toThrow();
  });

  it('refuses folders that twnet did not fill, unless forced; empty ones are fine', () => {
    expect(claim([folder(root)])).toThrow(/holds files that twnet did not write \(.*\).*--force/);
    expect(claim([folder('/')])).toThrow(/did not write/);
    expect(claim([folder('..')])).toThrow(/did not write/);
    expect(claim([folder(root)], { force: true })).not.toThrow();
    mkdirSync(at('empty'));
    expect(claim([folder(at('empty'))])).not.toThrow();
  });

  it('knows unwritable places before the work', () => {
    expect(claim([file(at('old.mp4', 'x.mp4'))])).toThrow(OutputError);
    expect(claim([folder(at('old.mp4'))])).toThrow(/file of that name/);
    expect(claim([file(root)])).toThrow(/is a folder/);
    if (existsSync('/proc/version')) expect(claim([file('/proc/none/x')])).toThrow(OutputError);
  });

  it.runIf(existsSync('/dev/null'))('takes devices, and standard output once', () => {
    expect(claim([file('/dev/null'), file('/dev/null', '--stats')])).not.toThrow();
    expect(claim([file('/dev/stdout')])).not.toThrow();
    expect(claim([file('/dev/stdout')], { stdout: '--json' })).toThrow(/where --json writes/);
    expect(claim([file('/dev/stdout'), file('/dev/fd/1', '--stats')])).toThrow(/the same file/);
  });
});
