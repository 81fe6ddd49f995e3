/** Pickles are data: nothing that a malicious one asks for happens, and none of them takes memory or time. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { latin, op, pickle, tensorPickle, zip } from '@twnet/testing/made-weight-files';
import { afterAll, describe, expect, it } from 'vitest';
import { readPickle } from './pickle.js';
import { readTorchLegacy, readTorchZip } from './torch-file.js';
import { TORCH_GLOBALS } from './torch-globals.js';

const folder = mkdtempSync(join(tmpdir(), 'twnet-pickle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rules = { globals: TORCH_GLOBALS, persistent: () => null };
const read = (bytes: Uint8Array): unknown => readPickle(bytes, 0, rules, 'x.pth').value;

/** The one-line error that a file gives. */
function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).toMatch(/^x\.pth: /);
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('nothing was refused');
}

describe('values', () => {
  it('reads the containers and numbers of protocol 2 and 4', () => {
    const value = read(
      pickle(
        op.dict(
          op.string('a'),
          op.tuple(op.integer(-5), op.integer(2 ** 40), [0x4e], [0x88], [0x89]),
          op.string('b'),
          [0x5d, 0x28, 0x4b, 7, 0x4d, 1, 2, 0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x65],
          op.string('__proto__'),
          [0x8c, 2, ...latin('hi'), 0x94, 0x68, 0, 0x86],
        ),
      ),
    );
    expect(value).toBeInstanceOf(Map);
    const map = value as Map<string, unknown>;
    expect(map.get('a')).toEqual([-5, 2 ** 40, null, true, false]);
    expect(map.get('b')).toEqual([7, 513, 1.5]);
    expect(map.get('__proto__')).toEqual(['hi', 'hi']);
    expect(({} as Record<string, unknown>).hi).toBeUndefined();
  });
});

describe('what a pickle asks for', () => {
  const victim = join(folder, 'touched');
  const command = op.tuple(op.string(`touch ${victim}`));
  const calls: Record<string, number[][]> = {
    'posix.system': [op.global('posix', 'system'), command, op.reduce],
    'os.system': [op.dict(op.string('a'), [...op.global('os', 'system'), ...command, ...op.reduce])],
    'builtins.eval': [op.global('builtins', 'eval'), op.tuple(op.string('1')), op.reduce],
    'subprocess.Popen': [
      op.global('collections', 'OrderedDict'),
      op.tuple([...op.global('subprocess', 'Popen'), ...command, ...op.reduce]),
      op.reduce,
    ],
    'torch.serialization.load': [op.global('torch.serialization', 'load'), command, op.reduce],
    'torchvision.models.resnet.ResNet': [op.global('torchvision.models.resnet', 'ResNet'), [0x29, 0x81]],
    'nt.system': [op.string('nt'), op.string('system'), [0x93], command, op.reduce],
    'collections.__proto__': [op.global('collections', '__proto__'), [0x29], op.reduce],
  };

  it.each(Object.keys(calls))('%s is named and never called', (name) => {
    const bytes = pickle(...calls[name]);
    expect(faultOf(() => read(bytes))).toContain(`it asks for ${name};`);
    const archive = zip({ 'archive/data.pkl': bytes });
    expect(faultOf(() => readTorchZip(archive, 'x.pth'))).toContain(name);
    expect(faultOf(() => readTorchLegacy(bytes, 'x.pth'))).toContain(name);
    expect(existsSync(victim)).toBe(false);
  });

  it.each([
    [
      'a storage type called',
      [op.global('torch', 'FloatStorage'), [0x29], op.reduce],
      /it calls torch\.FloatStorage/,
    ],
    ['a string called', [op.string('os'), [0x29], op.reduce], /no known function/],
    [
      'a tensor of no arguments',
      [op.global('torch._utils', '_rebuild_tensor_v2'), [0x4e], op.reduce],
      /no known function/,
    ],
    ['attributes of a tuple', [[0x29], [0x29], [0x62]], /sets attributes/],
    ['INST', [[0x69], latin('os\nsystem\n')], /instruction 0x69/],
    ['NEWOBJ', [op.global('collections', 'OrderedDict'), [0x29, 0x81]], /instruction 0x81/],
    ['EXT1', [[0x82, 1]], /instruction 0x82/],
  ])('refuses %s', (_, parts, message) => {
    expect(faultOf(() => read(pickle(...(parts as number[][]))))).toMatch(message as RegExp);
  });

  it('shows no control characters of a name', () => {
    const name = op.global('os', '\u001b]0;owned\u0007');
    expect(faultOf(() => read(pickle(name)))).toContain('os.?]0;owned?');
  });
});

describe('damaged and endless pickles', () => {
  it.each([
    ['empty', Buffer.alloc(0), /middle of its pickle/],
    ['no stop', Buffer.from(op.proto), /middle of its pickle/],
    ['stop without a value', pickle(), /stack is empty/],
    ['string longer than the file', pickle([0x58, 255, 255, 255, 255]), /middle of its pickle/],
    ['integer of 255 bytes', pickle([0x8a, 255, ...new Array(255).fill(1)]), /integer of 255 bytes/],
    ['unknown memo', pickle([0x68, 9]), /recalls entry 9/],
    ['no mark', pickle([0x74]), /lacks a mark/],
    ['a mark as a value', pickle(op.mark, [0x85]), /stack is empty/],
    ['items into a number', pickle(op.integer(1), op.mark, [0x75]), /no dictionary/],
    ['an odd item', pickle([0x7d], op.mark, [0x4e, 0x75]), /no dictionary/],
    ['appends to a number', pickle(op.integer(1), [0x4e, 0x61]), /no list/],
    ['a global without an end', pickle([0x63, ...new Array(5000).fill(65)]), /name without an end/],
    ['a later protocol', Buffer.from([0x80, 9, 0x2e]), /protocol above 5/],
  ])('%s', (_, bytes, message) => {
    expect(faultOf(() => read(bytes))).toMatch(message);
  });

  it('refuses a pickle that would fill the memory with containers or with steps', () => {
    const containers = Buffer.alloc(3_000_000, 0x7d);
    expect(faultOf(() => read(containers))).toMatch(/more than \d+ containers/);
    const steps = Buffer.alloc(5_000_000, 0x4e);
    expect(faultOf(() => read(steps))).toMatch(/more than \d+ steps/);
  });

  it('keeps a memo bomb, lists of lists of lists, as small as it is written', () => {
    // Each level holds the one before ten times: 10^40 leaves, if anyone walked them.
    const level = [0x5d, 0x28, ...Array.from({ length: 10 }, () => [0x68, 0]).flat(), 0x65, 0x71, 0];
    const bomb = pickle(op.string('leaf'), [0x71, 0], ...Array.from({ length: 40 }, () => level));
    expect(read(bomb)).toHaveLength(10);
    const archive = zip({ 'archive/data.pkl': bomb });
    expect(faultOf(() => readTorchZip(archive, 'x.pth'))).toContain('holds no state dict');
  });

  it('is not led round in circles by a dictionary that holds itself', () => {
    const circle = pickle([0x7d, 0x71, 0], op.string('state_dict'), [0x68, 0], [0x73]);
    const archive = zip({ 'archive/data.pkl': circle });
    expect(faultOf(() => readTorchZip(archive, 'x.pth'))).toContain('holds no state dict, only state_dict');
  });
});

describe('tensors that lie', () => {
  const archive = (view: Parameters<typeof tensorPickle>[0]): Buffer =>
    zip({
      'archive/data.pkl': pickle(op.dict(op.string('w'), tensorPickle(view))),
      'archive/data/0': Buffer.alloc(24),
    });

  it.each([
    ['beyond the storage', { elements: 6, shape: [7] }, /reaches beyond its storage of 6 values/],
    ['beyond it by the offset', { elements: 6, shape: [6], offset: 1 }, /reaches beyond/],
    ['beyond it by a stride', { elements: 6, shape: [2, 3], stride: [4, 1] }, /reaches beyond/],
    ['larger than it by stride 0', { elements: 6, shape: [1000, 1000], stride: [0, 0] }, /reaches beyond/],
    ['of 2^60 values', { elements: 6, shape: [2 ** 30, 2 ** 30] }, /no usable shape/],
    ['of negative extent', { elements: 6, shape: [-1, 6] }, /no usable shape/],
    ['of negative stride', { elements: 6, shape: [6], stride: [-1] }, /no usable strides/],
    ['of too few strides', { elements: 6, shape: [2, 3], stride: [1] }, /no usable strides/],
    ['of negative offset', { elements: 6, shape: [2], offset: -4 }, /no usable offset/],
    [
      'of a type unknown',
      { elements: 6, shape: [6], storage: 'QUInt8Storage' },
      /asks for torch\.QUInt8Storage/,
    ],
  ])('refuses one %s', (_, view, message) => {
    expect(faultOf(() => readTorchZip(archive(view), 'x.pth'))).toMatch(message);
  });

  it('refuses a storage that claims more than the file holds, without making room for it', () => {
    const { tensors } = readTorchZip(archive({ elements: 2 ** 45, shape: [2 ** 45] }), 'x.pth');
    expect(faultOf(() => tensors.get('w')!.read())).toMatch(/wants 35184372088832 values, the file holds 6/);
  });

  it('refuses a storage that the file lacks, whatever path its key looks like', () => {
    const { tensors } = readTorchZip(
      archive({ key: '../../../../etc/passwd', elements: 6, shape: [6] }),
      'x.pth',
    );
    expect(faultOf(() => tensors.get('w')!.read())).toMatch(/lacks the storage/);
  });

  it('refuses a thousand views of one storage', () => {
    const view = tensorPickle({ elements: 6, shape: [6] });
    const items = Array.from({ length: 1000 }, (_, i) => [...op.string(`w${i}`), ...view]);
    const many = zip({ 'archive/data.pkl': pickle(op.dict(...items)), 'archive/data/0': Buffer.alloc(24) });
    expect(faultOf(() => readTorchZip(many, 'x.pth'))).toMatch(/more than 16 times over/);
  });
});
