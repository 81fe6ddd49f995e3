/** What is measured for the documents, and by which command. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BACKBONE_MODELS, VARIANT_MODELS } from '../tables/plan.js';

export interface Sources {
  /** CamVid in SegNet's layout. */
  readonly data?: string;
  /** A folder with `images/` and `labels/`: consecutive frames, each labelled. */
  readonly clip?: string;
  /** A video without labels. */
  readonly video?: string;
  /** Videos without labels that no model was trained on. */
  readonly videos?: readonly string[];
  /** Folder of real driving videos without labels. */
  readonly clips?: string;
  /** Folder of the weights that training started from, as a model. */
  readonly start?: string;
  /** Where `npm run tables` put its models. */
  readonly tables?: string;
}

export interface Planned {
  /** Of the file in docs/measurements. */
  readonly name: string;
  /** Times, and memory, are right only on a machine that does nothing else. */
  readonly kind: 'accuracy' | 'idle';
  readonly needs: readonly (keyof Sources)[];
  /** Of `twnet`, or of a script of this project. */
  readonly args: (sources: Sources) => readonly string[];
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Keys that no document needs and that would make the file large. */
  readonly drop?: readonly string[];
}

const clip = ({ clip }: Sources, ...more: string[]): string[] => [
  'benchmark',
  'clip',
  '--images',
  `${clip}/images`,
  '--labels',
  `${clip}/labels`,
  ...more,
];
const cost = (size: string): string[] => [
  ...['benchmark', 'cost', '--backbones', 'mobilenet-v1', '--tail-rank', '32', '--size', size],
];
const speed = (name: string, ...more: string[]): Planned => ({
  name: `speed-${name}`,
  kind: 'idle',
  needs: [],
  args: () => ['benchmark', 'speed', ...more],
  drop: ['rounds', 'machine'],
});
/** A network of five times the cost that the default model has at the videos' size; without videos, a fixed camera's. */
const adapted = (name: string, size: string, videos: readonly string[], minutes = '30'): Planned => ({
  name: `adapt-${name}`,
  kind: 'accuracy',
  needs: videos.length > 0 ? ['clips'] : [],
  script: 'tools/measure/adapted.ts',
  args: ({ clips }) => [
    size,
    minutes,
    ...(videos.length > 0 ? videos.map((video) => join(clips!, video)) : ['fixed']),
  ],
});
/** Of the queue; only how long it takes needs a machine to itself. */
const cluster = (name: string, script: string, ...more: string[]): Planned => ({
  name: `cluster-${name}`,
  kind: name === 'speed' ? 'idle' : 'accuracy',
  needs: [],
  script,
  args: () => more,
});
const KITTI = ['kitti-city-1242x374-10hz-h264.mp4', 'kitti-residential-1242x374-10hz-h264.mp4'];
const LARGE_PAIR = ['--layers', '1,2', '--sizes', '2048x1024'];
const METHODS = 'twnet,per-frame,warp-alone,prop-mv,interp-mv,dff,taplab';

/** Of the paper's second data set. */
const FIGURES_MODEL = 'camvid';
const CODINGS = 'mpeg4:3,mpeg4:6,mpeg4:10,h264:20,h264:28,h264:34';

/** Cores that others may keep busy beside a measurement of time or memory. */
export const IDLE = 0.3;

/** The report is last: it takes longest. */
export const PLAN: readonly Planned[] = [
  {
    name: 'stills',
    kind: 'accuracy',
    needs: ['data'],
    args: ({ data }) => ['benchmark', 'stills', '--data', data!],
  },
  {
    name: 'stills-camvid',
    kind: 'accuracy',
    needs: ['data'],
    args: ({ data }) => ['benchmark', 'stills', '--data', data!, '--model', FIGURES_MODEL],
  },
  {
    name: 'stills-cityscapes',
    kind: 'accuracy',
    needs: ['data', 'start'],
    args: ({ data, start }) => [
      ...['benchmark', 'stills', '--data', data!, '--model', 'cityscapes', '--against', start!],
    ],
  },
  ...([1, 2, 3] as const).map(
    (layer): Planned => ({
      name: `clip-layer${layer}`,
      kind: 'accuracy',
      needs: ['clip'],
      args: (sources) => clip(sources, '--layer', String(layer)),
      drop: ['milliseconds', 'draws'],
    }),
  ),
  {
    name: 'clip-matching',
    kind: 'accuracy',
    needs: ['clip'],
    args: (sources) => clip(sources, '--layer', '1', '--motion', 'matching'),
    drop: ['milliseconds', 'draws'],
  },
  {
    name: 'clip-methods',
    kind: 'accuracy',
    needs: ['clip'],
    args: (sources) => clip(sources, '--methods', METHODS, '--by-class'),
    drop: ['milliseconds', 'draws'],
  },
  {
    name: 'flicker',
    kind: 'accuracy',
    needs: ['video'],
    args: ({ video }) => ['benchmark', 'flicker', video!],
  },
  {
    name: 'quality',
    kind: 'accuracy',
    needs: ['clip'],
    args: ({ clip }) => ['benchmark', 'quality', clip!, '--model', FIGURES_MODEL, '--codings', CODINGS],
  },
  {
    name: 'agreement',
    kind: 'accuracy',
    needs: ['videos', 'start'],
    args: ({ videos, start }) => [
      'benchmark',
      'agreement',
      ...videos!,
      '--model',
      'cityscapes',
      '--against',
      start!,
    ],
  },
  adapted('kitti', '2784x864', KITTI),
  adapted('motorway', '2144x1216', ['highway-960x540-h264.mp4']),
  adapted('fixed', '1440x800', [], '10'),
  { name: 'package', kind: 'accuracy', needs: [], script: 'tools/measure/package-size.ts', args: () => [] },
  {
    name: 'browser',
    kind: 'idle',
    needs: [],
    script: 'tools/measure/browser.ts',
    args: () => [],
  },
  {
    name: 'live',
    kind: 'idle',
    needs: ['clips'],
    script: 'tools/measure/live.ts',
    // As the command itself sets it: sources hold threads.
    env: { UV_THREADPOOL_SIZE: '32' },
    args: ({ clips }) => ['--clips', clips!],
  },
  cluster('speed', 'tools/measure/cluster/speed.ts'),
  cluster('memory', 'tools/measure/cluster/memory.ts'),
  cluster('faults', 'tools/checks/queue-faults.ts', '200'),
  cluster('bucket', 'tools/measure/cluster/bucket.ts'),
  cluster('simulation', 'tools/measure/cluster/simulation.ts', '--plot', 'docs/research/images/cluster.svg'),
  { name: 'cost-480x360', kind: 'accuracy', needs: [], args: () => cost('480x360') },
  { name: 'cost-2048x1024', kind: 'accuracy', needs: [], args: () => cost('2048x1024') },
  speed('480x360', '--layers', '1,2,3', '--sizes', '480x360', '--frames', '240', '--rounds', '3'),
  speed('2048x1024', '--layers', '1,2,3', '--sizes', '2048x1024'),
  speed('parallel', ...LARGE_PAIR, '--parallel', '2', '--frames', '120', '--rounds', '3'),
  speed('one-thread', ...LARGE_PAIR, '--threads', '1', '--rounds', '3'),
  {
    name: 'frontier',
    kind: 'idle',
    needs: ['clip'],
    args: ({ clip }) => [
      ...['benchmark', 'frontier', clip!, '--model', FIGURES_MODEL, 'camvid-mobilenet-v1'],
      ...['--all-starts', '--boundary', '--rounds', '7'],
    ],
  },
  {
    name: 'throughput',
    kind: 'idle',
    needs: [],
    args: () => ['benchmark', 'throughput', '--model', 'cityscapes', 'camvid-mobilenet-v1', '--rounds', '3'],
  },
  { name: 'memory', kind: 'idle', needs: [], args: () => ['benchmark', 'memory', '--minutes', '10'] },
  { name: 'training', kind: 'idle', needs: [], args: () => ['benchmark', 'training', '--threads', '2'] },
  {
    name: 'report',
    kind: 'idle',
    needs: ['data', 'clip'],
    args: ({ data, clip, tables }) => [
      ...['report', '--data', data!, '--clip', clip!, '--street-frames', '30', '--rounds', '2'],
      ...(tables === undefined ? [] : modelsOfTables(tables)),
    ],
  },
];

/** The models that `npm run tables` made so far, behind the one that the tables are about. */
function modelsOfTables(folder: string): string[] {
  const main = 'packages/models/camvid-mobilenet-v1';
  const made = (models: readonly { readonly model: string }[]): string[] =>
    models.map(({ model }) => join(folder, model)).filter((path) => existsSync(path));
  return ['--model', main, ...made(BACKBONE_MODELS), '--variants', main, ...made(VARIANT_MODELS)];
}

/** Without keys of some names, at any depth; the stamp keeps all of its own. */
export function without(value: unknown, keys: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !keys.includes(key))
      .map(([key, one]) => [key, key === 'stamp' ? one : without(one, keys)]),
  );
}
