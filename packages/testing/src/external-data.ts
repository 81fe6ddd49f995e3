/** ONNX files whose numbers lie in another file, as exporters write those of large networks. */
import { fieldHeader, fieldsOf } from '@twnet/core/graph/onnx-parts';

const [GRAPH, INITIALIZER, RAW_DATA, EXTERNAL_DATA] = [7, 5, 9, 13];
/** TensorProto.data_location = EXTERNAL. */
const IS_EXTERNAL = Uint8Array.of(14 << 3, 1);

/** The file with all weights in another one, and that one. @param entries what else is said of a tensor's place */
export function withExternalData(
  model: Uint8Array,
  location: string,
  entries = (offset: number, length: number): Record<string, string> => ({
    offset: String(offset),
    length: String(length),
  }),
): { model: Uint8Array; data: Uint8Array } {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const moved = withReplaced(model, GRAPH, (graph) =>
    withReplaced(graph, INITIALIZER, (tensor) => {
      const fields = [...fieldsOf(tensor)];
      const raw = fields.find(({ number }) => number === RAW_DATA)?.bytes ?? new Uint8Array(0);
      const said = Object.entries({ location, ...entries(offset, raw.length) });
      parts.push(raw);
      offset += raw.length;
      const kept = fields.filter(({ number }) => number !== RAW_DATA).map(({ whole }) => whole);
      const place = said.map((pair) =>
        field(EXTERNAL_DATA, Buffer.concat(pair.map((text, i) => field(i + 1, Buffer.from(text))))),
      );
      return Buffer.concat([...kept, ...place, IS_EXTERNAL]);
    }),
  );
  return { model: moved, data: Buffer.concat(parts) };
}

const field = (number: number, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([fieldHeader(number, bytes.length), bytes]);

function withReplaced(
  message: Uint8Array,
  of: number,
  replace: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  return Buffer.concat(
    [...fieldsOf(message)].map(({ number, bytes, whole }) =>
      number === of ? field(number, replace(bytes)) : whole,
    ),
  );
}
