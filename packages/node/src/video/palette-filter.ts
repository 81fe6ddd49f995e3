/** Pictures of 256 colours for GIF: a palette for every frame, by FFmpeg's palettegen and paletteuse. */
import { Filter, type FilterContext, FilterGraph, Frame } from 'node-av/lib';
import type { Size } from './scaling.js';

export class PaletteFilter implements Disposable {
  private readonly graph = new FilterGraph();
  private readonly source: FilterContext;
  private readonly sink: FilterContext;

  private constructor({ width, height }: Size) {
    this.graph.alloc();
    const input = `video_size=${width}x${height}:pix_fmt=bgra:time_base=1/25:pixel_aspect=1/1`;
    this.source = this.graph.createFilter(Filter.getByName('buffer')!, 'in', input)!;
    this.sink = this.graph.createFilter(Filter.getByName('buffersink')!, 'out')!;
    const stage = (name: string, options?: string) =>
      this.graph.createFilter(Filter.getByName(name)!, name, options ?? null)!;
    const split = stage('split');
    // One palette for the whole would need the whole video in memory.
    const make = stage('palettegen', 'stats_mode=single:reserve_transparent=0');
    const use = stage('paletteuse', 'new=1:dither=bayer:bayer_scale=4');
    const links = [
      this.source.link(0, split, 0),
      split.link(0, use, 0),
      split.link(1, make, 0),
      make.link(0, use, 1),
      use.link(0, this.sink, 0),
    ];
    if (links.some((result) => result < 0)) throw new Error('FFmpeg could not link its palette filters');
  }

  static async open(size: Size): Promise<PaletteFilter> {
    const filter = new PaletteFilter(size);
    const result = await filter.graph.config();
    if (result < 0) throw new Error(`FFmpeg's palette filters failed with code ${result}`);
    return filter;
  }

  /** Takes a frame (bgra), or null for the end; gives those that are ready (pal8), with their `pts`. */
  async *push(frame: Frame | null): AsyncGenerator<Frame> {
    const result = await this.source.buffersrcAddFrame(frame);
    if (result < 0) throw new Error(`FFmpeg's palette filters failed with code ${result}`);
    for (;;) {
      using made = new Frame();
      made.alloc();
      if ((await this.sink.buffersinkGetFrame(made)) < 0) return;
      yield made;
    }
  }

  [Symbol.dispose](): void {
    this.graph.free();
  }
}
