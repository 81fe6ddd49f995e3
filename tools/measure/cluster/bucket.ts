/** Bytes that move between a bucket and a worker: `tsx tools/measure/cluster/bucket.ts -o FILE.json`. */
import { readFileSync } from 'node:fs';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { storageOf } from '../../../packages/twnet/src/queue/storage.js';
import { BUCKET, startBucket } from '../../../test/s3-server.js';
import { buildFirst } from './built.js';
import { LONG, longVideo, SIZE } from './clips.js';
import { MODEL, throughQueue } from './run.js';

const output = process.argv[process.argv.indexOf('-o') + 1];

buildFirst();
const bytes = readFileSync(await longVideo());
await using _bucket = await startBucket();
const source = `s3://${BUCKET}/in/long.mp4`;
await (await storageOf(source)).write(source, bytes);
const { bytesRead, bytesWritten, groups } = await throughQueue({
  videos: [source],
  out: `s3://${BUCKET}/out`,
  storage: [`s3://${BUCKET}`],
  ...{ workers: 1, jobFrames: 240 },
});
const minutes = LONG.seconds / 60;
const figures = {
  stamp: {
    ...(await measurementStamp([MODEL], [])),
    command: 'npm run measure -- --only cluster-bucket',
  },
  ...{ ...SIZE, ...LONG, jobs: groups, bytes: bytes.length, bytesRead, bytesWritten },
  megabytesAMinute: bytes.length / 1e6 / minutes,
  megabytesReadAMinute: bytesRead / 1e6 / minutes,
  megabytesWrittenAMinute: bytesWritten / 1e6 / minutes,
  timesRead: bytesRead / bytes.length,
};
await writeFileAtomic(output, `${JSON.stringify(figures, null, 1)}\n`);
console.log(JSON.stringify(figures, null, 1));
process.exit();
