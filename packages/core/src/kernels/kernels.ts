/**
 * Loops over pixels and cells for which neither FFmpeg nor ONNX Runtime has an operator that is fast enough, as
 * WebAssembly with SIMD. Each {@link Kernels} has memory of its own; what a kernel works on must lie there.
 */

/** What `assembly/index.ts` exports; addresses and numbers. */
interface Exports {
  heapBase(): number;
  warp(
    features: number,
    out: number,
    channels: number,
    rows: number,
    columns: number,
    stride: number,
    dx: number,
    dy: number,
    plan: number,
  ): void;
  fillHoles(
    dx: number,
    dy: number,
    coverage: number,
    rows: number,
    columns: number,
    known: number,
    holes: number,
    filled: number,
  ): void;
  spreadBlocks(
    blocks: number,
    count: number,
    width: number,
    height: number,
    shift: number,
    dx: number,
    dy: number,
    coverage: number,
  ): void;
  addStep(moved: number, step: number, cells: number): void;
  mixCells(a: number, b: number, share: number, channels: number, cells: number): void;
  enlargedLabels(
    scores: number,
    classes: number,
    rows: number,
    columns: number,
    width: number,
    height: number,
    stride: number,
    winner: number,
    line: number,
    cells: number,
    out: number,
  ): void;
  addAreas(labels: number, count: number, areas: number): void;
  mapLabels(labels: number, count: number, table: number): void;
  transposeLabels(labels: number, width: number, height: number, out: number): void;
  labelRuns(labels: number, count: number, from: number, starts: number, most: number): number;
  mixLabels(
    pixels: number,
    labels: number,
    width: number,
    height: number,
    columns: number,
    rows: number,
    colours: number,
    classes: number,
    share: number,
    line: number,
  ): void;
  layBox(
    pixels: number,
    width: number,
    height: number,
    box: number,
    boxWidth: number,
    boxHeight: number,
    left: number,
    top: number,
  ): void;
  addBlocks(
    now: number,
    before: number,
    width: number,
    height: number,
    stride: number,
    sampling: number,
    blocks: number,
    blockCount: number,
    sums: number,
    counts: number,
  ): void;
  addIntra(
    stride: number,
    blocks: number,
    blockCount: number,
    sums: number,
    counts: number,
    mask: number,
  ): void;
  takeSamples(
    source: number,
    lineBytes: number,
    step: number,
    shift: number,
    width: number,
    height: number,
    out: number,
  ): void;
  scaleAcross(
    source: number,
    columns: number,
    rows: number,
    width: number,
    positions: number,
    coefficients: number,
    taps: number,
    out: number,
    line: number,
  ): void;
  planesToRgb(
    records: number,
    matrix: number,
    width: number,
    height: number,
    lines: number,
    out: number,
    plane: number,
  ): void;
  takeLuma(luma: number, lineBytes: number, width: number, height: number, plane: number): void;
  takeRgb(pixels: number, width: number, height: number, plane: number): void;
  matchBlocks(
    now: number,
    before: number,
    width: number,
    height: number,
    records: number,
    out: number,
  ): number;
}

const PAGE = 65536;
/** Regions begin at cache lines. */
const ALIGNMENT = 64;

let read: (() => Uint8Array) | undefined;
let compiled: WebAssembly.Module | undefined;

/** Says where the compiled kernels come from; they are read when first used. Whoever runs the core on a platform calls it. */
export function provideKernels(from: () => Uint8Array): void {
  read = from;
  compiled = undefined;
}

function kernelModule(): WebAssembly.Module {
  if (!read)
    throw new Error('the kernels were not provided: call provideKernels before anything is computed');
  compiled ??= new WebAssembly.Module(read() as Uint8Array<ArrayBuffer>);
  return compiled;
}

export class Kernels {
  readonly run: Exports;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #base: number;
  /** Where regions that are still to come begin. */
  #end: number;

  constructor() {
    this.run = new WebAssembly.Instance(kernelModule(), { env: { memory: this.#memory } })
      .exports as unknown as Exports;
    this.#base = this.run.heapBase();
    this.#end = this.#base;
  }

  /**
   * Lays out regions of so many bytes, one after the other, over whatever was there before; gives their addresses.
   * Views made before may be detached.
   *
   * @throws RangeError where WebAssembly's 4 GiB or the machine's memory are not enough
   */
  layOut(...bytes: readonly number[]): number[] {
    this.#end = this.#base;
    return bytes.map((size) => this.#region(size));
  }

  /** One more region behind those that are there, which stay as they are. Views made before may be detached. */
  add(bytes: number): number {
    return this.#region(bytes);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, address, length);
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length);
  }

  #region(size: number): number {
    const start = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    const missing = start + size - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    this.#end = start + size;
    return start;
  }
}

/** For kernels that keep nothing between calls: its memory grows to what the largest call takes. */
export function scratch(): Kernels {
  shared ??= new Kernels();
  return shared;
}

let shared: Kernels | undefined;
