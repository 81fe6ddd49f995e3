/** Pictures of one frame, as data URIs, and its motion. */
export interface PageFrame {
  readonly type: 'I' | 'P' | 'B';
  readonly kind: 'key' | 'nonkey';
  readonly distance: number;
  readonly image: string;
  readonly truth: string;
  readonly perFrame: string;
  readonly twnet: string;
  readonly residual?: string;
  readonly attention?: string;
  /** Vectors × 4 on a grid of `columns`, `stride` pixels a cell. */
  readonly vectors?: {
    readonly columns: number;
    readonly stride: number;
    readonly dx: readonly number[];
    readonly dy: readonly number[];
  };
}

/** What the page's script is given, as JSON. */
export interface ShownFrames {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly frames: readonly PageFrame[];
}
