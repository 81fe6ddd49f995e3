/** Frames to learn on, with all that a step asks of them, as files: the network that is adapted to runs once for each. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHalf, toHalf } from '@twnet/core/network/half';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { PROPAGATED_STRIDE } from '../non-key/points/clip-motion.js';

/** One frame. Grids have a cell for 4 × 4 of its pixels, rounded up. */
export interface Sample {
  readonly width: number;
  readonly height: number;
  /** Planar RGB. */
  readonly image: Uint8Array;
  /** Scores of the key frame, warped to this one: classes × rows × columns. */
  readonly warped: Float32Array;
  /** What the motion leaves unexplained, three planes of the grid. */
  readonly residual: Float32Array;
  /** Scores that the network itself gives of it. */
  readonly target: Float32Array;
}

interface Index {
  /** What the samples are of. */
  readonly identity: string;
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
}

const INDEX = 'samples.json';

export class StoredSamples {
  private constructor(
    private readonly folder: string,
    private readonly classes: number,
    private readonly identity: string,
    private readonly sizes: { width: number; height: number }[],
  ) {}

  /** Begins a folder of samples. */
  static async begin(folder: string, classes: number, identity: string): Promise<StoredSamples> {
    await mkdir(folder, { recursive: true });
    return new StoredSamples(folder, classes, identity, []);
  }

  /** Those that are complete in a folder already and are of the same. */
  static async resume(folder: string, classes: number, identity: string): Promise<StoredSamples | undefined> {
    try {
      const index = JSON.parse(await readFile(join(folder, INDEX), 'utf8')) as Index;
      if (index.identity !== identity || index.sizes.length === 0) return undefined;
      return new StoredSamples(folder, classes, identity, [...index.sizes]);
    } catch {
      return undefined;
    }
  }

  get count(): number {
    return this.sizes.length;
  }

  /** Bytes that a sample takes. */
  static bytes({ width, height }: { width: number; height: number }, classes: number): number {
    return 3 * width * height + 2 * (2 * classes + 3) * cellsOf(width, height);
  }

  async add({ width, height, image, warped, residual, target }: Sample): Promise<void> {
    const halves = [warped, residual, target].map((values) =>
      Buffer.from(toHalf(values).buffer as ArrayBuffer),
    );
    await writeFileAtomic(this.pathOf(this.count), Buffer.concat([...halves, image]));
    this.sizes.push({ width, height });
  }

  /** All of them are there. */
  async end(): Promise<void> {
    const index: Index = { identity: this.identity, sizes: this.sizes };
    await writeFileAtomic(join(this.folder, INDEX), `${JSON.stringify(index)}\n`);
  }

  async sample(index: number): Promise<Sample> {
    const { width, height } = this.sizes[index];
    const bytes = await readFile(this.pathOf(index));
    const cells = cellsOf(width, height);
    let at = 0;
    const halves = (planes: number): Float32Array => {
      const patterns = new Uint16Array(planes * cells);
      const end = at + patterns.byteLength;
      Buffer.from(patterns.buffer).set(bytes.subarray(at, end));
      at = end;
      return fromHalf(patterns);
    };
    const [warped, residual, target] = [halves(this.classes), halves(3), halves(this.classes)];
    return { width, height, warped, residual, target, image: bytes.subarray(at) };
  }

  private pathOf(index: number): string {
    return join(this.folder, `${String(index).padStart(6, '0')}.bin`);
  }
}

const cellsOf = (width: number, height: number): number =>
  Math.ceil(width / PROPAGATED_STRIDE) * Math.ceil(height / PROPAGATED_STRIDE);
