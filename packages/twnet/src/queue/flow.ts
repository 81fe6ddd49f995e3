/** The jobs of a video: its groups, and the merge that waits for them. */
import type { FlowProducer, Queue } from 'bullmq';
import { PRIORITIES, QUEUE_NAME, RETRIES } from './broker.js';
import { keyOf, resultKey } from './jobs.js';
import { WORK_KEPT } from './kept.js';
import type { Plan } from './plan-video.js';

/** Adds them; those that are there already, waiting or at work, stay as they are. */
export async function addFlow(queue: Queue, flows: FlowProducer, { merge, groups }: Plan): Promise<void> {
  const { video, version, key, starts } = merge;
  // Another set of groups is another merge: a video that turned out to be one piece.
  const jobId = `merge-${resultKey(video, version)}-${keyOf(starts).slice(0, 8)}`;
  const before = await queue.getJob(jobId);
  const state = await before?.getState();
  if (state === 'failed' || state === 'completed') await before?.remove();
  else if (state !== undefined && state !== 'unknown') return;
  await flows.add({
    name: 'merge',
    queueName: QUEUE_NAME,
    data: merge,
    opts: { ...RETRIES, jobId, priority: PRIORITIES.merge, ...WORK_KEPT },
    children: groups.map((group) => ({
      name: 'group',
      queueName: QUEUE_NAME,
      data: group,
      opts: {
        ...RETRIES,
        jobId: `group-${keyOf(jobId, key, group.from)}`,
        priority: PRIORITIES.group,
        removeOnComplete: true,
        // The merge says what is missing.
        ignoreDependencyOnFailure: true,
      },
    })),
  });
}
