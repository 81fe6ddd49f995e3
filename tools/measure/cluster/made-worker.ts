/** A worker that plans videos and says of groups and merges that they are done: `tsx tools/measure/cluster/made-worker.ts REDIS`. */
import { connect } from '../../../packages/twnet/src/queue/broker.js';
import { addFlow } from '../../../packages/twnet/src/queue/flow.js';
import { videoJobSchema } from '../../../packages/twnet/src/queue/jobs.js';
import { TotalsWriter } from '../../../packages/twnet/src/queue/totals.js';
import { forgetParts } from '../../../packages/twnet/src/queue/work.js';
import { madePlan } from './made-plan.js';

/** Jobs at a time: groups that take no time are waited for in Redis alone. */
const CONCURRENCY = 50;

const broker = await connect(process.argv[2]);
const flows = broker.flows();
const totals = new TotalsWriter(broker.redis);
const worker = broker.worker(
  async (job) => {
    const { name, data } = job;
    if (name === 'video') await addFlow(broker.queue, flows, madePlan(videoJobSchema.parse(data)));
    if (name === 'merge') await forgetParts(broker, job);
    totals.add(name, 240, 5);
    return name === 'group' ? { frames: 240, seconds: 5.123456789 } : { frames: 24_000 };
  },
  // A machine that is made to wait by other measurements is not dead.
  { concurrency: CONCURRENCY, lockDuration: 900_000 },
);
process.on('SIGTERM', async () => {
  await worker.close();
  await totals.write();
  await broker[Symbol.asyncDispose]();
  process.exit();
});
