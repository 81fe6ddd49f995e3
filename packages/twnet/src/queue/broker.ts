/** The queue on Redis: BullMQ, which only they need who use it. */
import { InputError } from '@twnet/core/errors';
import type { FlowProducer, Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { untrusted } from './certificates.js';
import type { GroupJob, MergeJob, VideoJob } from './jobs.js';
import { optional } from './optional-library.js';

export const DEFAULT_QUEUE = 'redis://127.0.0.1:6379';
/** Of the queue in Redis. */
export const QUEUE_NAME = 'twnet';
/** A job that took three workers with it is set aside. */
export const STALLS = 2;

/** A job is one of these, by its name. */
export interface JobsData {
  readonly video: VideoJob;
  readonly group: GroupJob;
  readonly merge: MergeJob;
}
export type JobName = keyof JobsData;

/** Results come before new work, so that few parts of videos lie about: the smaller number first. */
export const PRIORITIES: Readonly<Record<JobName, number>> = { merge: 1, group: 2, video: 3 };

/** Errors that are not the video's fault are tried again for some twenty minutes. */
export const RETRIES = {
  attempts: 12,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
} as const;

export interface Broker extends AsyncDisposable {
  readonly queue: Queue;
  flows(): FlowProducer;
  worker(process: Processor, options: Omit<WorkerOptions, 'connection'>): Worker;
  readonly redis: Redis;
}

/**
 * @param address `redis://` or, with TLS, `rediss://`; user and password come from TWNET_QUEUE, where command lines
 *   do not show them
 * @throws InputError for one that is none, or where nobody answers; where BullMQ is not installed
 */
export async function connect(address: string | undefined): Promise<Broker> {
  const url = addressOf(address);
  const [bullmq, { Redis }] = await optional('the queue', 'bullmq ioredis', () =>
    Promise.all([import('bullmq'), import('ioredis')]),
  );
  const connections: Redis[] = [];
  const shown = `${url.protocol}//${url.host}`;
  // Each worker waits on a connection of its own; commands given while Redis is away wait until it is back.
  const connection = () => {
    const client = new Redis(url.href, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(100 * times, 2000),
    });
    client.on('error', () => undefined);
    connections.push(client);
    return client;
  };
  const first = new Redis(url.href, {
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
    lazyConnect: true,
  });
  let reason: unknown;
  first.on('error', (error) => {
    reason = error;
  });
  try {
    await first.connect();
    await first.ping();
  } catch (error) {
    throw new InputError(
      `${shown}: no Redis answers there (${reasonOf(reason ?? error)}); start one, or name another with --queue`,
    );
  } finally {
    first.disconnect();
  }
  const shared = connection();
  const queue = new bullmq.Queue(QUEUE_NAME, { connection: shared });
  const opened: { close(): Promise<unknown> }[] = [queue];
  const kept = <T extends { close(): Promise<unknown>; on(event: 'error', listener: () => void): unknown }>(
    part: T,
  ): T => {
    part.on('error', () => undefined);
    opened.push(part);
    return part;
  };
  queue.on('error', () => undefined);
  return {
    queue,
    redis: shared,
    flows: () => kept(new bullmq.FlowProducer({ connection: shared })),
    worker: (process, options) =>
      kept(new bullmq.Worker(QUEUE_NAME, process, { ...options, connection: connection() })),
    async [Symbol.asyncDispose]() {
      for (const part of opened.reverse()) await part.close();
      for (const client of connections) client.disconnect();
    },
  };
}

function addressOf(address: string | undefined): URL {
  const { TWNET_QUEUE } = process.env;
  const text = address ?? TWNET_QUEUE ?? DEFAULT_QUEUE;
  const isUrl = URL.canParse(text);
  const url = new URL(isUrl ? text : DEFAULT_QUEUE);
  if (!isUrl || !['redis:', 'rediss:'].includes(url.protocol))
    throw new InputError(
      '--queue: is no address of a Redis server, such as redis://host:6379 or rediss://host:6379',
    );
  if (address !== undefined && url.password !== '')
    throw new InputError(
      '--queue: holds a password, which others see; give the address in the variable TWNET_QUEUE',
    );
  return url;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (/NOAUTH|WRONGPASS|NOPERM/.test(message)) return 'it wants a user or password: give them in TWNET_QUEUE';
  if (code === 'ECONNREFUSED') return 'refused';
  return (
    untrusted(code) ?? code ?? (message === 'Connection is closed.' ? 'refused' : message.split('\n')[0])
  );
}
