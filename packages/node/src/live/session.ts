/** Cameras that are labelled at a time, by one model. */
import { availableParallelism } from 'node:os';
import { InputError } from '@twnet/core/errors';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { openingFor } from '@twnet/core/runtime/frame-sizes';
import type { OpenVideoOptions } from '../video/open-options.js';
import { Camera, type CameraEvents, type CameraOptions } from './camera.js';
import { NetworkPool } from './network-pool.js';

export interface LiveCamera extends CameraOptions {
  readonly name: string;
  readonly source: string;
}

export interface LiveSessionOptions {
  readonly model: NetworkSource;
  readonly cameras: readonly LiveCamera[];
  /** Of the network; default all cores but one, of two both. */
  readonly threads?: number;
  readonly provider?: string;
}

export class LiveSession {
  readonly cameras: readonly Camera[];
  private readonly pool: NetworkPool;

  /** @throws InputError where two cameras have one name, or there are more than libuv has threads for */
  constructor(
    { model, cameras, threads = threadsBeside(), provider }: LiveSessionOptions,
    events: CameraEvents,
  ) {
    const names = new Set(cameras.map(({ name }) => name));
    if (names.size < cameras.length) throw new InputError('two sources have one name: each needs its own');
    checkThreads(cameras.length);
    this.pool = new NetworkPool(model, { threads, provider });
    this.cameras = cameras.map(({ name, source, ...options }) => {
      const opening = { ...options.opening, ...howToOpen(model, options.opening) };
      return new Camera(name, source, this.pool, { ...options, opening }, events);
    });
  }

  /**
   * Runs until the signal says to stop or all sources have ended. One that fails does not touch the others.
   *
   * @returns what sources failed by, those that did
   */
  async run(signal: AbortSignal): Promise<{ readonly camera: Camera; readonly error: unknown }[]> {
    await using pool = this.pool;
    pool.prepare();
    const results = await Promise.allSettled(this.cameras.map((camera) => camera.run(signal)));
    return results.flatMap((result, i) =>
      result.status === 'rejected' ? [{ camera: this.cameras[i], error: result.reason as unknown }] : [],
    );
  }
}

/** libuv's own default. */
const POOL = 4;

/**
 * Every source holds a thread of libuv's pool while it waits for its next packet; one has to be left for what it then does.
 * The pool's size cannot be changed any more.
 */
function checkThreads(sources: number): void {
  const threads = Number(process.env.UV_THREADPOOL_SIZE) || POOL;
  if (sources >= threads)
    throw new InputError(
      `${sources} sources at a time need more than libuv's ${threads} threads: set UV_THREADPOOL_SIZE=${2 * sources} before Node starts`,
    );
}

/** Decoding goes on beside the network. Half of the cores would be too few: the network is what labels wait for. */
function threadsBeside(cores = availableParallelism()): number {
  return cores <= 2 ? cores : cores - 1;
}

/** Only what the network is given is converted, where frames can make it when it is asked for. */
function howToOpen(
  { card }: NetworkSource,
  { scale, maxSide }: Pick<OpenVideoOptions, 'scale' | 'maxSide'> = {},
): OpenVideoOptions {
  const ofModel = openingFor(card);
  const chosen = scale === 'auto' && ofModel.scale === undefined ? 1 : (scale ?? ofModel.scale);
  const side = maxSide ?? (typeof scale === 'number' ? undefined : ofModel.maxSide);
  const lazy = ofModel.keyPictures === true;
  return { scale: chosen, maxSide: side, keyPictures: lazy, pixels: !lazy };
}
