import { withExternalData } from '@twnet/testing/external-data';
import { foreignNetwork } from '@twnet/testing/made-foreign';
import { randomFrom } from '@twnet/testing/made-motion';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { Graph } from './graph.js';
import { containedOnnx } from './onnx-contained.js';
import { toOnnx } from './onnx-format.js';
import { BYTES } from './onnx-parts.js';
import { readOnnx } from './onnx-reader.js';

const message = (number: number, bytes: Uint8Array): Uint8Array =>
  protobuf.Writer.create()
    .uint32((number << 3) | BYTES)
    .bytes(bytes)
    .finish();

describe('a file that is read', () => {
  it('tells its operators, operator sets and producer', () => {
    const graph = new Graph();
    const x = graph.input('x', [1, 3, 8, 8]);
    const y = graph.node('Relu', [x]);
    const z = graph.node('Gelu', [y], y.shape, { domain: 'com.microsoft' });
    graph.output('z', graph.node('Add', [y, z]));
    const summary = readOnnx(toOnnx(graph));
    expect(Object.fromEntries(summary.operators)).toEqual({ Relu: 1, 'com.microsoft.Gelu': 1, Add: 1 });
    expect(Object.fromEntries(summary.opsets)).toEqual({ '': 18, 'com.microsoft': 1 });
    expect(summary).toMatchObject({ irVersion: 9, producer: 'twnet', external: [] });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('{"this is": "no network"}')],
    ['zeros', new Uint8Array(100)],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13)],
  ])('is none that holds %s', (_what, bytes) => {
    expect(() => readOnnx(bytes)).toThrow(/^is no ONNX file/);
  });

  it('is refused where it is cut short, anywhere', () => {
    const whole = foreignNetwork('labels');
    for (let length = 0; length < whole.length; length += 7)
      try {
        // Cut where a field ends, it may be a file all the same.
        expect(readOnnx(whole.subarray(0, length)).operators.size).toBeGreaterThan(0);
      } catch (error) {
        expect((error as Error).message).toMatch(/^(is no ONNX file|holds a graph without operators)/);
      }
  });

  it('is refused in one line, or read, whatever was done to its bytes', () => {
    const whole = foreignNetwork('transformer');
    const random = randomFrom(7);
    for (let trial = 0; trial < 300; trial++) {
      const bytes = Uint8Array.from(whole);
      for (let n = 1 + (trial % 9); n > 0; n--)
        bytes[Math.floor(random() * random() * bytes.length)] = Math.floor(256 * random());
      try {
        readOnnx(bytes);
      } catch (error) {
        expect((error as Error).message).toMatch(/^(is|has|holds|says) [^\n]+$/);
      }
    }
  });

  it('is refused where graphs lie in one another without end', () => {
    let graph: Uint8Array = message(1, message(4, new TextEncoder().encode('Relu')));
    for (let depth = 0; depth < 300; depth++) graph = message(1, message(5, message(6, graph)));
    const model = Buffer.concat([Uint8Array.of(8, 9), message(7, graph)]);
    expect(() => readOnnx(model)).toThrow('is no ONNX file, or is damaged');
  });
});

describe('data in another file', () => {
  const whole = foreignNetwork('transformer');

  it('is listed with its place, and made one file it is what it was', () => {
    const { model, data } = withExternalData(whole, 'weights.bin');
    const { external } = readOnnx(model);
    expect(external.length).toBeGreaterThan(5);
    expect(external.at(-1)!.offset + external.at(-1)!.length).toBe(data.length);
    expect(new Set(external.map(({ location }) => location))).toEqual(new Set(['weights.bin']));
    const contained = containedOnnx(model, (index) =>
      data.subarray(external[index].offset, external[index].offset + external[index].length),
    );
    expect(readOnnx(contained).external).toEqual([]);
    expect(Buffer.from(contained).equals(Buffer.from(whole))).toBe(true);
  });

  it('keeps a file that has all of its data as it is', () => {
    expect(Buffer.from(containedOnnx(whole, () => expect.unreachable())).equals(Buffer.from(whole))).toBe(
      true,
    );
  });

  it.each([
    ['of another length', { length: '1' }, /are its data; they would be/],
    ['at a place that is no number', { offset: '0x10' }, /bytes at 0x10 of another file/],
    ['before the file', { offset: '-8' }, /bytes at -8/],
    ['nowhere', { location: '' }, /and does not say which/],
  ])('is refused %s', (_what, said, reason) => {
    const { model } = withExternalData(whole, 'weights.bin', (offset, length) => ({
      ...{ offset: String(offset), length: String(length), ...said },
    }));
    expect(() => readOnnx(model)).toThrow(reason);
  });
});
