/** What the network itself labels each frame of a clip, and how much of that other labels share. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LiveSession } from '@twnet/node/live/session';
import type { Model } from '@twnet/node/model/model';
import { cached } from './clip.js';

/** Labels that are compared: every so many. */
const STEP = 7;

export class Truth {
  private constructor(
    private readonly labels: Uint8Array,
    readonly frames: number,
  ) {}

  static async of(model: Model, clip: string): Promise<Truth> {
    const path = cached(`truth-${model.digest!.slice(0, 12)}-${basename(clip, '.mp4')}`);
    if (!existsSync(path)) await writeFile(path, await labelsOf(model, clip));
    const bytes = await readFile(path);
    const frames = bytes.readUInt32LE(0);
    return new Truth(new Uint8Array(bytes.subarray(4)), frames);
  }

  /** Share of the labels that are the network's own. @param index of the frame, counted over all rounds of the clip */
  share(labels: Uint8Array, index: number): number {
    const start = (index % this.frames) * labels.length;
    let equal = 0;
    for (let i = 0; i < labels.length; i += STEP) if (labels[i] === this.labels[start + i]) equal++;
    return equal / Math.ceil(labels.length / STEP);
  }
}

async function labelsOf(model: Model, source: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const camera = { name: 'truth', source, late: 'wait', interval: 1, reconnect: false } as const;
  const session = new LiveSession(
    { model, cameras: [camera] },
    { onFrame: ({ labels }) => parts.push(labels) },
  );
  await session.run(new AbortController().signal);
  const count = Buffer.alloc(4);
  count.writeUInt32LE(parts.length);
  return Buffer.concat([count, ...parts]);
}
