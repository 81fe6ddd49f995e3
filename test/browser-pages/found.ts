/** What the page of segment-page.ts is asked, and what it answers: JSON. */

export interface FoundFrame {
  readonly kind: string;
  readonly distance: number;
  readonly type: string;
  readonly timestamp: number;
  /** Deflated and in base 64. */
  readonly labels: string;
}

export interface Found {
  readonly width: number;
  readonly height: number;
  readonly codec?: string | undefined;
  readonly isolated: boolean;
  readonly frames: readonly FoundFrame[];
}

/** Of `segment`, all but the model. */
export type Options = Readonly<Record<string, string | number | boolean>>;

export interface SegmentPage {
  /** A file's labels, of the server's. */
  file(address: string, options: Options): Promise<Found>;
  /** What is said of a file that cannot be segmented. */
  refusal(address: string, options?: Options): Promise<string>;
  address(address: string, options: Options): Promise<Found>;
  /** The browser's camera, by its stream or by the frames of its track. */
  camera(how: 'stream' | 'frames' | 'player', most: number, options: Options): Promise<Found>;
}

/** Of tools/measure/browser.ts. */
export interface MeasurePage {
  /** Over the frames from `from` to before `to`, the first of a group of pictures both. */
  time(address: string, options: Options, from: number, to: number): Promise<Timed>;
  /** Segments all of a file; how far it is, the page's `soaked` says. */
  soak(address: string, options: Options): Promise<void>;
}

export interface Timed {
  readonly framesPerSecond: number;
  /** By stage, of a frame. */
  readonly milliseconds: Readonly<Record<string, number>>;
}
