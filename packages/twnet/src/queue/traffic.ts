/** Bytes that came from buckets and went there, of this process. */
export const traffic = { read: 0, written: 0 };

/** Adds the bytes that pass through a stream. */
export async function* counted(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    traffic.read += chunk.length;
    yield chunk;
  }
}
