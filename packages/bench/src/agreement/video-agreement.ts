/** How far a model's labels of a video without true ones agree with one another, however the picture comes. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardTemporary, temporaryFolderFor } from '@twnet/node/files/atomic';
import type { Size } from '@twnet/node/video/scaling';
import type { Coding } from '../methods/coding.js';
import { type MethodKind, type StreamMethod, withMethod } from '../methods/stream-method.js';
import { Disagreement, type DistanceDisagreement } from './disagreement.js';
import { LabelStore } from './label-store.js';
import { recodeVideo } from './recode-video.js';
import { StreamFlicker } from './stream-flicker.js';

/** A model's per-frame network, at its working size and at half of it. */
export interface PerFramePair {
  readonly whole: StreamMethod;
  readonly half: StreamMethod;
}

export interface AgreementPlan {
  readonly model: PerFramePair;
  /** Operating points and warping alone. */
  readonly nonKey: readonly StreamMethod[];
  /** Another model's, which the first is compared with. */
  readonly against?: PerFramePair;
  /** Whether both models' labels mean the same. */
  readonly sameClasses: boolean;
  /** Streams whose labels are compared with those of the video's own pictures. */
  readonly recodings: readonly Coding[];
  /** Of the stream that non-key frames are made on. */
  readonly coding: Coding;
  readonly gop: number;
  /** The first so many frames of each video, at most. */
  readonly frames: number;
}

/** Share of pixels whose label differs. */
export interface Compared {
  readonly disagreement: number;
  /** The other model's, and the share of it that this one has. */
  readonly against?: { readonly disagreement: number; readonly ratio: number };
}

export interface NonKeyAgreement {
  readonly name: string;
  readonly kind: MethodKind;
  /** Of non-key frames against the per-frame network on the same pictures. */
  readonly disagreement: number;
  readonly byDistance: readonly DistanceDisagreement[];
  /** Of points: share of what the better of half size and warping alone has. */
  readonly ofBetter?: number;
  readonly flicker: number;
  /** Share of the per-frame network's. */
  readonly flickerShare: number;
}

export interface VideoAgreement extends Size {
  readonly frames: number;
  readonly recoded: readonly (Compared & { readonly coding: Coding })[];
  readonly halfSize: Compared;
  /** Between the two models, per frame on the video's own pictures. */
  readonly betweenModels?: number;
  readonly perFrameFlicker: number;
  /** Half size first. */
  readonly nonKey: readonly NonKeyAgreement[];
}

/** Called with every frame that was labelled, and by what. */
export type LabelledBy = (method: string) => void;

/** @param onFrame of every pass: see {@link passesOf} */
export async function videoAgreement(
  path: string,
  plan: AgreementPlan,
  onFrame?: LabelledBy,
): Promise<VideoAgreement> {
  const folder = temporaryFolderFor(join(tmpdir(), 'twnet-agreement'));
  try {
    const { recodings, coding } = plan;
    const video = await recodeVideo(path, folder, { ...plan, codings: [coding, ...recodings] });
    const passes = new Passes(video, onFrame);
    const [stream, ...recoded] = video.paths;
    using clean = new LabelStore(join(folder, 'clean'), video);
    const own = await perFrame(passes, path, recoded, plan.model, clean);
    let between: number | undefined;
    let other: PerFrameFigures | undefined;
    if (plan.against) {
      using otherClean = new LabelStore(join(folder, 'against'), video);
      other = await perFrame(passes, path, recoded, plan.against, otherClean);
      if (plan.sameClasses) between = shareBetween(clean, otherClean);
    }
    const { width, height, frames } = video;
    using reference = new LabelStore(join(folder, 'reference'), video);
    return {
      ...{ width, height, frames },
      recoded: recodings.map((each, i) => ({ coding: each, ...compared(own.recoded[i], other?.recoded[i]) })),
      halfSize: compared(own.half, other?.half),
      ...(between === undefined ? {} : { betweenModels: between }),
      ...(await nonKeyFigures(passes, stream, plan, reference)),
    };
  } finally {
    discardTemporary(folder);
  }
}

/** Times that each frame of a video is labelled. */
export function passesOf({ nonKey, recodings, against }: AgreementPlan): number {
  const perModel = 2 + recodings.length;
  return (against ? 2 : 1) * perModel + 2 + nonKey.length;
}

interface PerFrameFigures {
  readonly recoded: readonly number[];
  readonly half: number;
}

/** @param clean is filled with the labels of the video's own pictures */
async function perFrame(
  passes: Passes,
  path: string,
  recoded: readonly string[],
  { whole, half }: PerFramePair,
  clean: LabelStore,
): Promise<PerFrameFigures> {
  await passes.label(whole, path, ({ labels }) => clean.add(labels));
  const against = async (method: StreamMethod, stream: string): Promise<number> => {
    const different = new Disagreement();
    await passes.label(method, stream, ({ index, labels }) => different.add(0, labels, clean.read(index)));
    return different.share();
  };
  const shares: number[] = [];
  for (const stream of recoded) shares.push(await against(whole, stream));
  return { recoded: shares, half: await against(half, path) };
}

/** @param reference is filled with the per-frame network's labels of the stream */
async function nonKeyFigures(
  passes: Passes,
  stream: string,
  { model, nonKey }: AgreementPlan,
  reference: LabelStore,
): Promise<Pick<VideoAgreement, 'perFrameFlicker' | 'nonKey'>> {
  const measured = async (method: StreamMethod, take: (frame: PassFrame) => void): Promise<number> => {
    await using flicker = await StreamFlicker.open(stream);
    await passes.label(method, stream, async (frame) => {
      take(frame);
      await flicker.add(frame.labels);
    });
    return flicker.mean();
  };
  const perFrameFlicker = await measured(model.whole, ({ labels }) => reference.add(labels));
  const figures: NonKeyAgreement[] = [];
  for (const method of [model.half, ...nonKey]) {
    const different = new Disagreement();
    const flicker = await measured(method, ({ index, distance, labels }) =>
      different.add(distance, labels, reference.read(index)),
    );
    figures.push({
      ...{ name: method.name, kind: method.kind },
      disagreement: different.share(1),
      byDistance: different.byDistance().filter(({ distance }) => distance > 0),
      flicker,
      flickerShare: flicker / perFrameFlicker,
    });
  }
  return { perFrameFlicker, nonKey: besideBetter(figures) };
}

/** Points beside the better of half size and warping alone. */
function besideBetter(figures: readonly NonKeyAgreement[]): NonKeyAgreement[] {
  const others = figures.filter(({ kind }) => kind !== 'point').map(({ disagreement }) => disagreement);
  const better = Math.min(...others);
  return figures.map((one) => (one.kind === 'point' ? { ...one, ofBetter: one.disagreement / better } : one));
}

function compared(own: number, other: number | undefined): Compared {
  return other === undefined
    ? { disagreement: own }
    : { disagreement: own, against: { disagreement: other, ratio: own / other } };
}

function shareBetween(a: LabelStore, b: LabelStore): number {
  const different = new Disagreement();
  for (let index = 0; index < a.count; index++) different.add(0, a.read(index), b.read(index));
  return different.share();
}

/** A frame of a pass, with its distance from the stream's last I-frame. */
interface PassFrame {
  readonly index: number;
  readonly distance: number;
  readonly labels: Uint8Array;
}

/** Runs one method after the other over a video's first frames. */
class Passes {
  constructor(
    readonly video: Size & { readonly frames: number },
    readonly onFrame: LabelledBy | undefined,
  ) {}

  async label(
    method: StreamMethod,
    path: string,
    take: (frame: PassFrame) => void | Promise<void>,
  ): Promise<void> {
    const { width, height, frames } = this.video;
    await withMethod(method, { width, height }, async (opened) => {
      let intra = 0;
      for await (const { frame, labels } of opened.labels(path)) {
        const { index } = frame;
        if (frame.pictureType === 'I') intra = index;
        await take({ index, distance: index - intra, labels });
        this.onFrame?.(method.name);
        if (index + 1 >= frames) break;
      }
    });
  }
}
