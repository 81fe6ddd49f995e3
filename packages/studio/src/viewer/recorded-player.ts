/** Plays what was segmented before. */
import { messageOf } from '@twnet/core/errors';
import { RECORDED_VECTOR_UNIT, type RecordedFrame, type Recording } from '@twnet/core/segment/recording';
import { equalShare } from '../player/equal-share.js';
import { Player } from '../player/player.js';
import type { FramePlace } from '../player/view.js';
import type { CoarseMap, Layer, Opened, ShownFrame, Vectors } from '../shown.js';
import { bytesOf, RecordedFrames, type UnpackedFrame } from './recorded-frames.js';

/** Frames that are made ready after the one that is shown. */
const AHEAD = 8;
const TYPES = ['I', 'P', 'B'];

export class RecordedPlayer extends Player {
  declare opened: Opened;
  override records: ReadonlyMap<number, FramePlace> = new Map();
  recording: Recording;
  /** Numbers of the ways that are compared; the left one is shown where none is. */
  chosen: readonly [left: number, right: number] = [0, 0];

  #frames: RecordedFrames;
  #made = new Map<number, ShownFrame>();
  #wanted: number | undefined;

  /** @param recordings at least one */
  constructor(readonly recordings: readonly [Recording, ...Recording[]]) {
    super();
    [this.recording] = recordings;
    this.#frames = new RecordedFrames(this.recording);
    this.open(this.recording);
  }

  override get canCompare(): boolean {
    return this.recording.ways.length > 1;
  }

  /** Shows another recording, from the frame on that is farthest from its key frame. */
  open(recording: Recording): void {
    this.playing = false;
    this.frame = undefined;
    this.recording = recording;
    this.records = new Map(recording.frames.entries());
    this.opened = openedOf(recording);
    this.phase = 'ready';
    this.#frames = new RecordedFrames(recording);
    const { layers } = this.opened;
    this.view = {
      ...this.view,
      hidden: [],
      ...(layers.includes(this.view.layer) ? {} : { layer: 'labels' }),
    };
    this.choose([0, Math.min(1, recording.ways.length - 1)]);
    const distances = recording.frames.map(({ distance }) => distance);
    this.seek(distances.indexOf(Math.max(...distances)));
  }

  /** Compares two ways. */
  choose(chosen: readonly [left: number, right: number]): void {
    this.chosen = chosen;
    const [left, right] = chosen;
    this.sides = [this.recording.ways[left], this.recording.ways[right]];
    this.#made = new Map();
    const shown = this.frame && this.held(this.frame.index);
    if (shown) this.show(shown);
    this.changed();
  }

  override seek(index: number): void {
    const to = Math.min(Math.max(index, 0), this.recording.frames.length - 1);
    this.#wanted = to;
    const held = this.held(to);
    if (held) this.show(held);
    else void this.#load(to);
    this.changed();
  }

  override held(index: number): ShownFrame | undefined {
    const unpacked = this.#frames.get(index);
    if (!unpacked) return undefined;
    let made = this.#made.get(index);
    if (made?.pixels !== unpacked.pixels) {
      made = this.#shown(index, unpacked);
      this.#made.set(index, made);
    }
    return made;
  }

  protected override get isAtEnd(): boolean {
    if (this.#wanted !== undefined) return false;
    return this.frame?.index === this.recording.frames.length - 1;
  }

  protected override show(frame: ShownFrame): void {
    super.show(frame);
    this.#wanted = undefined;
    for (const index of this.#made.keys())
      if (Math.abs(index - frame.index) > AHEAD) this.#made.delete(index);
    const last = Math.min(frame.index + AHEAD, this.recording.frames.length - 1);
    for (let index = frame.index + 1; index <= last; index++) void this.#load(index);
  }

  async #load(index: number): Promise<void> {
    const { recording } = this;
    try {
      await this.#frames.load(index);
    } catch (error) {
      this.say(`frame ${index + 1} of ${recording.name}: ${messageOf(error)}`);
      return;
    }
    if (this.recording !== recording || this.#wanted !== index) return;
    this.show(this.held(index)!);
    this.changed();
  }

  #shown(index: number, { pixels, labels, truth }: UnpackedFrame): ShownFrame {
    const { frames, framesPerSecond } = this.recording;
    const frame = frames[index];
    const { type, kind, distance, timings } = frame;
    const [left, right] = this.chosen;
    return {
      ...{ index, time: index / framesPerSecond, type, kind, distance, pixels },
      ...{ labels: labels[left], areas: areasOf(labels[left]), stages: timings?.[left] },
      ...(this.canCompare
        ? {
            alone: {
              ...{ labels: labels[right], stages: timings?.[right] },
              equal: equalShare(labels[left], labels[right]),
            },
          }
        : {}),
      ...(truth ? { truth } : {}),
      ...(frame.motion ? { vectors: vectorsOf(frame) } : {}),
      ...(frame.residual ? { residual: mapOf(frame, frame.residual) } : {}),
      ...(frame.attention ? { attention: mapOf(frame, frame.attention) } : {}),
    };
  }
}

function openedOf({ name, width, height, classes, palette, framesPerSecond, frames }: Recording): Opened {
  const size = { width, height };
  const has = (part: 'truth' | 'residual' | 'attention' | 'motion'): boolean =>
    frames.some((frame) => frame[part] !== undefined);
  const maps = (['residual', 'attention'] as const).filter(has);
  const layers: Layer[] = [
    'labels',
    ...(has('truth') ? (['truth', 'errors'] as const) : []),
    ...maps,
    'none',
  ];
  return {
    ...{ name, size, frame: size, labels: size, classes, palette, layers, hasVectors: has('motion') },
    index: {
      times: Float64Array.from(frames, (_, index) => index / framesPerSecond),
      types: Uint8Array.from(frames, ({ type }) => TYPES.indexOf(type)),
    },
  };
}

function vectorsOf({ grid, motion }: RecordedFrame): Vectors {
  const [dx, dy] = [motion!.dx, motion!.dy].map((quarters) =>
    Float32Array.from(quarters, (value) => value / RECORDED_VECTOR_UNIT),
  );
  return { ...grid!, dx, dy };
}

const mapOf = ({ grid }: RecordedFrame, base64: string): CoarseMap => ({
  ...grid!,
  values: bytesOf(base64),
});

/** Pixels of each class. The kernel that counts them elsewhere is a file, which pages do without. */
function areasOf(labels: Uint8Array): Uint32Array {
  const areas = new Uint32Array(256);
  for (const label of labels) areas[label]++;
  return areas;
}
