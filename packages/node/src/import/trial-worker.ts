/** The process that a network of another program is tried in. */
import '../kernels/provide.js';
import { InputError, messageOf } from '@twnet/core/errors';
import { type Trial, type TrialRequest, tryNetwork } from './trial.js';

export type TrialReply = { readonly trial: Trial } | { readonly error: string; readonly isInput: boolean };

process.on('message', async (request: TrialRequest) => {
  let reply: TrialReply;
  try {
    reply = { trial: await tryNetwork(request) };
  } catch (error) {
    reply = { error: messageOf(error), isInput: error instanceof InputError };
  }
  process.send?.(reply, () => process.disconnect());
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit());
