/** Has a network tried beside this process: what ends that one leaves this one to say so. */
import { fork } from 'node:child_process';
import { InputError, TwnetError } from '@twnet/core/errors';
import '../engine/telemetry.js';
import { sourceLoader } from '../workers/spawn.js';
import type { Trial, TrialRequest } from './trial.js';
import type { TrialReply } from './trial-worker.js';

/**
 * See `tryNetwork`.
 *
 * @param signal ends it
 * @throws InputError for a network that cannot be used, and one that ends the process that tries it
 */
export async function tryBeside(request: TrialRequest, signal?: AbortSignal): Promise<Trial> {
  const { url, execArgv } = sourceLoader('trial-worker', import.meta.url);
  const child = fork(url, {
    ...{ serialization: 'advanced', execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
    signal,
  });
  try {
    const reply = await new Promise<TrialReply>((resolve, reject) => {
      child.on('message', (message) => resolve(message as TrialReply));
      child.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
      child.on('exit', (code, ended) => {
        const how = ended === null ? `with code ${code}` : `by ${ended}`;
        reject(
          new InputError(
            `${request.file}: ended the process that tried it (${how}): it is damaged, or asks for more memory than there is`,
          ),
        );
      });
      child.send(request);
    });
    if ('trial' in reply) return reply.trial;
    throw reply.isInput ? new InputError(reply.error) : new TwnetError(reply.error);
  } finally {
    if (child.connected) child.disconnect();
    child.kill();
  }
}
