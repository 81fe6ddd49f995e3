/** What cameras have done, as Prometheus reads it (text format 0.0.4). */
import type { Camera } from './camera.js';
import type { CameraStats } from './live-stats.js';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly values: (stats: CameraStats, camera: Camera) => Readonly<Record<string, number>>;
}

/** Values by further labels, written as they stand in the format; '' for none. */
const METRICS: readonly Metric[] = [
  {
    name: 'twnet_frames_received_total',
    type: 'counter',
    help: 'Frames that came.',
    values: ({ received }) => ({ '': received }),
  },
  {
    name: 'twnet_frames_labelled_total',
    type: 'counter',
    help: 'Frames with labels, by the network or carried along vectors.',
    values: ({ byNetwork, byWarp }) => ({ 'by="network"': byNetwork, 'by="warp"': byWarp }),
  },
  {
    name: 'twnet_frames_skipped_total',
    type: 'counter',
    help: 'Frames that were left out.',
    values: ({ skipped }) => ({ '': skipped }),
  },
  {
    name: 'twnet_frames_per_second',
    type: 'gauge',
    help: 'Labelled frames a second, over the last 5 s.',
    values: ({ framesPerSecond }) => ({ '': framesPerSecond }),
  },
  {
    name: 'twnet_lag_seconds',
    type: 'gauge',
    help: 'From arrival to labels, over the last 256 frames.',
    values: ({ recentLag: { median, p99 } }) => ({
      'quantile="0.5"': median / 1000,
      'quantile="0.99"': p99 / 1000,
    }),
  },
  {
    name: 'twnet_connections_total',
    type: 'counter',
    help: 'Connections that were opened.',
    values: ({ connections }) => ({ '': connections }),
  },
  {
    name: 'twnet_losses_total',
    type: 'counter',
    help: 'Times that the source was lost.',
    values: ({ losses }) => ({ '': losses }),
  },
  {
    name: 'twnet_up',
    type: 'gauge',
    help: 'Whether the source is open.',
    values: (_, { state }) => ({ '': state === 'live' ? 1 : 0 }),
  },
];

export function metricsText(cameras: readonly Camera[]): string {
  const all = cameras.map((camera) => ({ camera, stats: camera.stats }));
  return METRICS.flatMap(({ name, type, help, values }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...all.flatMap(({ camera, stats }) =>
      Object.entries(values(stats, camera)).map(([more, value]) => {
        const labels = [`camera="${camera.name}"`, ...(more === '' ? [] : [more])].join(',');
        return `${name}{${labels}} ${Number(value.toFixed(6))}`;
      }),
    ),
  ])
    .join('\n')
    .concat('\n');
}
