/**
 * What core-in-browser.test.ts opens in a browser: the core, with ONNX Runtime Web as its engine, in the page itself. It
 * asks its server for all that it needs.
 */
import type { VideoFrame } from '@twnet/core/frame';
import { provideKernels } from '@twnet/core/kernels/kernels';
import { Model } from '@twnet/core/model/model';
import type { Engine, TensorData } from '@twnet/core/runtime/engine';
import { openNetworks } from '@twnet/core/runtime/networks';
import { clipSource, segmentVideo } from '@twnet/core/segment/segmenter';
import * as ort from 'onnxruntime-web/wasm';

/** A frame as JSON has it: arrays are plain ones. */
export interface SentFrame extends Omit<VideoFrame, 'pixels' | 'motion'> {
  readonly pixels: readonly number[];
  readonly motion: Readonly<
    Record<Exclude<keyof VideoFrame['motion'], 'count' | 'scale'>, readonly number[]>
  >;
}

const bytesOf = async (name: string) => new Uint8Array(await (await fetch(`/${name}`)).arrayBuffer());

async function setUp(): Promise<void> {
  ort.env.wasm.numThreads = 1;
  const [kernels, runtime] = await Promise.all([bytesOf('kernels.wasm'), bytesOf('ort.wasm')]);
  provideKernels(() => kernels);
  ort.env.wasm.wasmBinary = runtime.buffer;
}

const engine: Engine = {
  async open({ model, inputs, outputs }) {
    const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
    return {
      async run(feeds, into = {}) {
        const tensor = ([name, { type, shape }]: [string, { type: string; shape: readonly number[] }]) =>
          [name, new ort.Tensor(type as 'float32', feeds[name] as Float32Array, shape)] as const;
        const results = await session.run(Object.fromEntries([...inputs].map(tensor)));
        const output = (name: string): TensorData => {
          const data = results[name].data as Float32Array;
          (into[name] as Float32Array | undefined)?.set(data);
          return into[name] ?? data;
        };
        return Object.fromEntries([...outputs.keys()].map((name) => [name, output(name)]));
      },
      close: () => session.release(),
    };
  },
};

/** Labels of the server's frames. */
async function segmentFrames(): Promise<number[][]> {
  await setUp();
  const sent = (await (await fetch('/frames.json')).json()) as SentFrame[];
  const frames = sent.map(({ pixels, motion, ...frame }) => ({
    ...frame,
    pixels: Uint8Array.from(pixels),
    motion: {
      count: motion.x.length,
      direction: Int8Array.from(motion.direction),
      x: Int16Array.from(motion.x),
      y: Int16Array.from(motion.y),
      width: Uint8Array.from(motion.width),
      height: Uint8Array.from(motion.height),
      dx: Float32Array.from(motion.dx),
      dy: Float32Array.from(motion.dy),
    },
  }));
  const [{ width, height }] = frames;
  const model = await Model.read({ folder: '/model', read: (name) => bytesOf(`model/${name}`) });
  const options = { width, height, layer: 1, provider: 'wasm' } as const;
  const networks = await openNetworks(model, options, { engine });
  const labels: number[][] = [];
  for await (const segmented of segmentVideo(clipSource(frames), networks))
    labels.push([...segmented.labels]);
  await networks.close();
  return labels;
}

Object.assign(globalThis, { segmentFrames });
