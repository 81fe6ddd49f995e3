/** Videos into the queue, as they are found: memory does not depend on how many there are. */
import type { Broker } from './broker.js';
import { PRIORITIES, RETRIES } from './broker.js';
import { keyOf, type VideoJob } from './jobs.js';

/** Jobs that go over in one message. */
const BATCH = 500;

export interface Submitted {
  /** Videos that were named. */
  readonly videos: number;
}

/** @param videos what is to be done; those that are in the queue already stay there once */
export async function submit({ queue }: Broker, videos: AsyncIterable<VideoJob>): Promise<Submitted> {
  let batch: VideoJob[] = [];
  let count = 0;
  const send = async () => {
    const jobs = batch;
    batch = [];
    await queue.addBulk(jobs.map((data) => ({ name: 'video', data, opts: videoOptions(data) })));
    count += jobs.length;
  };
  for await (const video of videos) {
    batch.push(video);
    if (batch.length === BATCH) await send();
  }
  if (batch.length > 0) await send();
  return { videos: count };
}

export function videoOptions(video: VideoJob) {
  return { ...RETRIES, jobId: `video-${keyOf(video)}`, priority: PRIORITIES.video, removeOnComplete: true };
}
