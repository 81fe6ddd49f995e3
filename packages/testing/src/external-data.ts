/** ONNX files whose numbers lie in another file, as exporters write those of large networks. */
import { BYTES, type Field, fieldsOf } from '@twnet/core/graph/onnx-parts';
import protobuf from 'protobufjs/minimal.js';

const RAW_DATA = 9;

/** The file with all weights in another one, and that one. */
export function withExternalData(
  model: Uint8Array,
  location: string,
  entries: (offset: number, length: number) => Record<string, string> = standard,
): { model: Uint8Array; data: Uint8Array } {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const moved = rewritten(model, 7, (graph) =>
    rewritten(graph, 5, (tensor) => {
      const fields = [...fieldsOf(tensor)];
      const raw = fields.find(({ number }) => number === RAW_DATA)?.bytes ?? new Uint8Array(0);
      const said = { location, ...entries(offset, raw.length) };
      parts.push(raw);
      offset += raw.length;
      const writer = protobuf.Writer.create();
      for (const [key, value] of Object.entries(said))
        writer
          .uint32((13 << 3) | BYTES)
          .fork()
          .uint32((1 << 3) | BYTES)
          .string(key)
          .uint32((2 << 3) | BYTES)
          .string(value)
          .ldelim();
      writer.uint32(14 << 3).uint32(1);
      const kept = fields.filter(({ number }) => number !== RAW_DATA).map(({ whole }) => whole);
      return Buffer.concat([...kept, writer.finish()]);
    }),
  );
  return { model: moved, data: Buffer.concat(parts) };
}

const standard = (offset: number, length: number) => ({ offset: String(offset), length: String(length) });

/** A message with all fields of a number replaced. */
export function rewritten(
  message: Uint8Array,
  number: number,
  replace: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const pieces = [...fieldsOf(message)].map((field) =>
    field.number === number ? replaced(field, replace) : field.whole,
  );
  return Buffer.concat(pieces);
}

function replaced({ number, bytes }: Field, replace: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | BYTES)
    .bytes(replace(bytes))
    .finish();
}
