/** What an operating point learns on, and what it is validated on: videos, a data set's stills, generated streets. */
import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import type { PointConfig } from '../../config/point-config.js';
import { ClipMixture } from '../../data/clip-mixture.js';
import { type DataSetStills, loadTrainingStills } from '../../data/data-set-stills.js';
import type { PointClipRules } from '../../data/points/draw-point-clip.js';
import type { PointClip } from '../../data/points/point-clip.js';
import { PointClipSource, type PointOrigin } from '../../data/points/point-clip-source.js';
import { StoredVideos } from '../../data/points/stored-videos.js';
import { SEED_OFFSET } from '../../data/random-streams.js';
import { isClosed, samplesOf } from './point-samples.js';

export interface PointDataOptions {
  readonly config: PointConfig;
  /** Data set's folder. */
  readonly data?: string;
  /** Files, or whatever `openVideo` takes. */
  readonly videos: readonly string[];
  /** Names of the model's classes. */
  readonly classes: readonly string[];
  readonly signal?: AbortSignal;
}

/** Clips that a validation runs over, of each origin. */
const VALIDATION_CLIPS = 6;
/** Frames of each that are judged. */
const VALIDATION_FRAMES = 4;

export class PointData implements AsyncDisposable {
  private constructor(
    private readonly options: PointDataOptions,
    private readonly stored: StoredVideos | undefined,
    readonly dataSet: DataSetStills | undefined,
  ) {}

  /** @throws InputError where there is nothing to learn on, or what there is cannot be used */
  static async open(options: PointDataOptions): Promise<PointData> {
    const { config, data, videos, classes, signal } = options;
    if (data === undefined && videos.length === 0 && config.data.street === 0)
      throw new InputError('there is nothing to learn on; give --videos or --data');
    if (config.data.street > 0 && classes.join() !== CAMVID.classes.join())
      throw new InputError(
        "the model has other classes than generated streets, which have CamVid's; set data.street to 0",
      );
    const dataSet = data === undefined ? undefined : await loadTrainingStills(data, config, classes);
    const { holdOut } = config;
    const least = config.clipLength + (isClosed(config) ? 1 : 0);
    const stored =
      videos.length === 0 ? undefined : await StoredVideos.decode(videos, { least, holdOut, signal });
    return new PointData(options, stored, dataSet);
  }

  get labelled(): boolean {
    return this.dataSet !== undefined || this.options.config.data.street > 0;
  }

  /** One line on what there is. */
  get description(): string {
    const parts: string[] = [];
    if (this.stored) parts.push(`${this.stored.frames} frames of ${this.options.videos.length} videos`);
    if (this.dataSet) parts.push(`${this.dataSet.stills.length} stills`);
    return `clips made from ${parts.join(' and ') || 'generated streets'}`;
  }

  clips(): ClipMixture<PointClip> {
    const { config } = this.options;
    const { street, videos } = config.data;
    const made = this.dataSet ? Math.max(0, 1 - street - videos) : 0;
    const size = this.dataSet?.stills[0] ?? { width: 480, height: 360 };
    const origins: (readonly [share: number, origin: PointOrigin | undefined])[] = [
      [made, this.dataSet && { stills: this.dataSet.stills }],
      [street, { street: { width: size.width, height: size.height } }],
      [made + street === 0 ? 1 : videos, this.videos('learnt')],
    ];
    return new ClipMixture(
      origins.flatMap(([share, origin]) =>
        share > 0 && origin ? [{ share, source: this.source(origin, config.seed) }] : [],
      ),
    );
  }

  /** Held-out clips with the pictures of the judged frames as decoded. */
  async heldOut(): Promise<PointClip[]> {
    const stills = this.dataSet?.heldOut ?? [];
    const origins = [this.videos('heldOut'), stills.length > 0 ? { stills } : undefined];
    const clips: PointClip[] = [];
    for (const origin of origins) {
      if (!origin) continue;
      await using source = this.source(origin, this.options.config.seed + SEED_OFFSET.validation, true);
      for (let index = 0; index < VALIDATION_CLIPS; index++) clips.push(await source.clip(index));
    }
    return clips;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stored?.[Symbol.dispose]();
  }

  private videos(part: 'learnt' | 'heldOut'): PointOrigin | undefined {
    const frames = this.stored?.of(part);
    if (!frames || frames.runs.length === 0) return undefined;
    return { videos: frames, frameStep: this.options.config.augmentation.frameStep };
  }

  private source(origin: PointOrigin, seed: number, perFrame = false): PointClipSource {
    const { config } = this.options;
    const { size, augmentation, coding, clipLength: length } = config;
    const samples = perFrame ? VALIDATION_FRAMES : samplesOf(config);
    // A still's clip is of the still's own size, which small videos have.
    const closed = isClosed(config);
    const rules: PointClipRules = { size, ...augmentation, coding, length, closed, samples };
    return new PointClipSource({ origin, rules, seed, perFrame });
  }
}
