/** Frames through a chain of FFmpeg's filters that gives one frame for each. */
import { AV_BUFFERSRC_FLAG_KEEP_REF } from 'node-av/constants';
import { Filter, type FilterContext, FilterGraph, Frame } from 'node-av/lib';

/** Threads of a filter; decoder and networks want the others. */
const THREADS = 2;

/** A filter's name and its settings, as FFmpeg writes them. */
export type FilterSpec = readonly [name: string, settings: string];

/** A chain for frames of one size and format, and what is known of each (`T`); holds native memory, so close it. */
export class FilterChain<T> implements Disposable {
  private readonly graph = new FilterGraph();
  private readonly source: FilterContext;
  private readonly sink: FilterContext;
  private readonly out = new Frame();
  /** Of the frames that the filters hold, in their order. */
  private readonly facts: T[] = [];
  private count = 0n;

  /** @param like a frame of the size, format, colour matrix and range that all will have */
  constructor(filters: readonly FilterSpec[], like: Frame) {
    this.graph.alloc();
    this.graph.nbThreads = THREADS;
    try {
      [this.source, this.sink] = this.connect(filters, like);
    } catch (error) {
      this.graph.free();
      throw error;
    }
    this.out.alloc();
  }

  private connect(filters: readonly FilterSpec[], like: Frame): [FilterContext, FilterContext] {
    const { width, height, format, colorSpace, colorRange } = like;
    const size = `video_size=${width}x${height}:pix_fmt=${format}:time_base=1/25:pixel_aspect=1/1`;
    const source = this.filter('buffer', `${size}:colorspace=${colorSpace}:range=${colorRange}`);
    const steps = filters.map(([name, settings]) => this.filter(name, settings));
    const sink = this.filter('buffersink', null);
    [...steps, sink].reduce((from, to) => {
      check(from.link(0, to, 0));
      return to;
    }, source);
    check(this.graph.configSync());
    return [source, sink];
  }

  /** Hands in the next frame, which stays the caller's. */
  async push(frame: Frame, facts: T): Promise<void> {
    const { pts } = frame;
    frame.pts = this.count++;
    check(await this.source.buffersrcAddFrame(frame, AV_BUFFERSRC_FLAG_KEEP_REF));
    frame.pts = pts;
    this.facts.push(facts);
  }

  /** No further frames: what the filters hold can be taken. */
  async end(): Promise<void> {
    check(await this.source.buffersrcAddFrame(null));
  }

  /** The next frame that is done, valid until the next call; undefined if there is none. */
  async take(): Promise<{ readonly frame: Frame; readonly facts: T } | undefined> {
    this.out.unref();
    if (this.facts.length === 0 || (await this.sink.buffersinkGetFrame(this.out)) < 0) return undefined;
    return { frame: this.out, facts: this.facts.shift()! };
  }

  [Symbol.dispose](): void {
    this.graph.free();
    this.out.free();
  }

  private filter(name: string, settings: string | null): FilterContext {
    const filter = Filter.getByName(name);
    // Two of a kind need names of their own.
    const context = filter && this.graph.createFilter(filter, `${name}${this.graph.nbFilters}`, settings);
    if (!context) throw new Error(`FFmpeg cannot set up its filter ${name} (${settings ?? ''})`);
    return context;
  }
}

function check(result: number): void {
  if (result < 0) throw new Error(`FFmpeg's filters failed (code ${result})`);
}
