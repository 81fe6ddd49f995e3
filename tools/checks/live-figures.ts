/**
 * Figures of `twnet live`, of a clip that is sent over and over by TCP at its own pace:
 *
 *     npx tsx tools/checks/live-figures.ts CLIP [--seconds 60] [--cameras 1] [--late warp] [--max-wait 150] [--truth 1]
 *
 * Lag is taken from the moment at which the last byte of a frame was sent, so that what waits in sockets and demuxers
 * counts. With `--truth`, every frame's labels (with `skip`: those that are shown while it is left out) are compared
 * with those that the network gives that very frame.
 */
import '@twnet/node/kernels/provide';
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { LatePolicy } from '@twnet/core/live/live-frame';
import { LiveSession } from '@twnet/node/live/session';
import { Model } from '@twnet/node/model/model';
import { loopedClip } from '@twnet/testing/looped-stream';
import { StreamServer } from '@twnet/testing/stream-server';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    cameras: { type: 'string', default: '1' },
    late: { type: 'string', default: 'warp' },
    'max-wait': { type: 'string', default: '150' },
    threads: { type: 'string', default: '1' },
    speed: { type: 'string', default: '1' },
    truth: { type: 'string' },
  },
});
const [path] = positionals;
const seconds = Number(values.seconds);
const late = values.late as LatePolicy;
/** Seconds at the beginning that do not count as steady. */
const START = 5;

const model = await Model.open();
const clip = await loopedClip(path);
const count = clip.packets.length;
const threads = Number(values.threads);

/** The network's own labels of each frame of the clip. */
async function truthOf(): Promise<Uint8Array[]> {
  const truth: Uint8Array[] = [];
  const camera = { name: 'truth', source: path, late: 'wait', interval: 1, reconnect: false } as const;
  const session = new LiveSession(
    { model, threads, cameras: [camera] },
    { onFrame: ({ labels }) => truth.push(labels) },
  );
  await session.run(new AbortController().signal);
  return truth;
}

const truth = values.truth === undefined ? undefined : await truthOf();

interface Tally {
  readonly sent: Map<number, number>;
  readonly lags: { readonly at: number; readonly lag: number }[];
  equal: number;
  compared: number;
  shown: Uint8Array | undefined;
  last: number;
  first: number | undefined;
}

const tallies: Tally[] = [];
const servers: StreamServer[] = [];
for (let i = 0; i < Number(values.cameras); i++) {
  const tally: Tally = {
    sent: new Map(),
    lags: [],
    equal: 0,
    compared: 0,
    shown: undefined,
    last: -1,
    first: undefined,
  };
  tallies.push(tally);
  const onSent = ({ index }: { readonly index: number }) => {
    tally.sent.set(index, performance.now());
    tally.sent.delete(index - 2000);
  };
  servers.push(await new StreamServer(clip, { speed: Number(values.speed), onSent }).start());
}

function compare(tally: Tally, labels: Uint8Array, index: number): void {
  const expected = truth?.[index % count];
  if (!expected) return;
  let equal = 0;
  for (let p = 0; p < labels.length; p += 7) if (labels[p] === expected[p]) equal++;
  tally.equal += equal / Math.ceil(labels.length / 7);
  tally.compared++;
}

const begun = performance.now();
const cameras = servers.map(({ address }, i) => ({
  ...{ name: String(i), source: address, late, maxWait: Number(values['max-wait']), reconnect: false },
}));
const session = new LiveSession(
  { model, threads, cameras },
  {
    onFrame: ({ camera, labels, frame }) => {
      const tally = tallies[Number(camera)];
      const now = performance.now();
      const index = Math.round((frame.timestamp * count) / (Number(clip.round) / clip.perSecond));
      const sent = tally.sent.get(index);
      if (sent !== undefined) tally.lags.push({ at: (now - begun) / 1000, lag: now - sent });
      tally.first ??= now - (tally.sent.get(0) ?? now);
      if (tally.shown) for (let t = tally.last + 1; t < index; t++) compare(tally, tally.shown, t);
      compare(tally, labels, index);
      tally.shown = labels;
      tally.last = index;
    },
  },
);
const stop = new AbortController();
setTimeout(() => stop.abort(), 1000 * seconds);
const memory: number[] = [];
const descriptors: number[] = [];
const threadsSeen: number[] = [];
const watch = setInterval(() => {
  memory.push(process.memoryUsage().rss / 1e6);
  descriptors.push(readdirSync('/proc/self/fd').length);
  threadsSeen.push(Number(/Threads:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]));
}, 1000);
const cpu = process.cpuUsage();
const failures = await session.run(stop.signal);
clearInterval(watch);
const { user, system } = process.cpuUsage(cpu);

const quantile = (all: readonly number[], share: number) =>
  all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(share * all.length))];
const round = (value: number | undefined) => (value === undefined ? null : Number(value.toFixed(2)));
const late5 = (list: readonly number[]) => [list[Math.floor(list.length / 5)], list.at(-1)].map(round);
for (const [i, tally] of tallies.entries()) {
  const steady = tally.lags.filter(({ at }) => at > START);
  const parts = [0, 1, 2, 3].map((k) =>
    steady.filter(
      ({ at }) => at >= START + (k * (seconds - START)) / 4 && at < START + ((k + 1) * (seconds - START)) / 4,
    ),
  );
  const { stats } = session.cameras[i];
  console.log(
    JSON.stringify({
      ...{ camera: i, path, late, seconds, threads, maxWait: Number(values['max-wait']) },
      lagFromSending: {
        median: round(
          quantile(
            steady.map(({ lag }) => lag),
            0.5,
          ),
        ),
        p99: round(
          quantile(
            steady.map(({ lag }) => lag),
            0.99,
          ),
        ),
        largest: round(Math.max(...steady.map(({ lag }) => lag))),
        p99ByQuarter: parts.map((part) =>
          round(
            quantile(
              part.map(({ lag }) => lag),
              0.99,
            ),
          ),
        ),
      },
      lagFromArrival: stats.lag,
      firstLabelAfterItsSending: round(tally.first),
      received: stats.received,
      byNetwork: round(stats.byNetwork / Math.max(1, stats.byNetwork + stats.byWarp)),
      ...{ skipped: stats.skipped, behind: stats.behind },
      agreement: tally.compared > 0 ? Number((tally.equal / tally.compared).toFixed(5)) : null,
    }),
  );
}
console.log(
  JSON.stringify({
    ...{
      failures: failures.length,
      cpuShare: round((user + system) / 1e4 / (performance.now() - begun) / 10),
    },
    ...{ memoryMB: late5(memory), largestMB: round(Math.max(...memory)) },
    ...{ descriptors: late5(descriptors), threadsOfProcess: late5(threadsSeen) },
  }),
);
process.exit();
