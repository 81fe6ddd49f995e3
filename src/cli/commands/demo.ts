/** `twnet demo`: the whole way on a scene that the project renders itself. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Command } from 'commander';
import { CAMVID } from '../../data/classes.js';
import { InputError, messageOf, OutputError } from '../../errors.js';
import type { RunStats } from '../../segment/index.js';
import { evenSize, positiveInteger } from '../option-values.js';
import { type Progress, showProgress } from '../progress.js';

interface DemoFlags {
  readonly out: string;
  readonly frames: number;
  readonly size: { width: number; height: number };
  readonly seed: number;
  readonly model?: string;
  readonly json?: boolean;
}

const FRAME_RATE = 15;
/** Frames from one I-frame to the next, as the paper has them. */
const GROUP = 12;

export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('render a short street scene, segment it frame by frame and with motion, show both')
    .option('-o, --out <dir>', 'folder for scene.mp4, the overlay videos, still.png, stats.json', 'demo-out')
    .option('--frames <n>', 'length of the scene', positiveInteger, 48)
    .option('--size <WxH>', 'frame size', evenSize, { width: 480, height: 360 })
    .option('--seed <n>', 'another street', positiveInteger, 7)
    .option('--model <dir>', 'model folder (default: the shipped model)')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', '\nExample:\n  twnet demo --frames 90 --seed 3 -o street')
    .action(demo);
}

/** One way of segmenting the scene, and how well it did against the exact labels. */
interface DemoRun {
  readonly meanIou: number;
  readonly stats: RunStats;
  /** Labels of the frame that the still shows. */
  readonly shown: Uint8Array;
}

async function demo(flags: DemoFlags): Promise<void> {
  const { out, size, frames, json } = flags;
  await mkdir(out, { recursive: true }).catch((error) => {
    throw new OutputError(`${out}: the folder cannot be made: ${messageOf(error)}`);
  });
  const [{ loadNetworks }, { writeFileAtomic }] = await Promise.all([
    import('../../network/index.js'),
    import('../../files/index.js'),
  ]);
  const networks = await loadNetworks(flags.model, { ...size, layer: 1 });
  try {
    checkClasses(networks.card.classes, networks.card.name);
    using progress = showProgress('demo', { unit: 'frames', total: 3 * frames, silent: json });
    const scene = await renderScene(join(out, 'scene.mp4'), flags, progress);
    const input = { path: join(out, 'scene.mp4'), truth: scene.labels, progress };
    // Both write an overlay, so that their speeds compare.
    const overlays = { perFrame: join(out, 'overlay-per-frame.mp4'), warped: join(out, 'overlay.mp4') };
    const perFrame = await segmentScene(
      { ...input, done: frames, perFrame: true, overlay: overlays.perFrame },
      networks,
    );
    const warped = await segmentScene(
      { ...input, done: 2 * frames, perFrame: false, overlay: overlays.warped },
      networks,
    );
    progress.close();
    const { writeDemoStill } = await import('../demo-still.js');
    await writeDemoStill(join(out, 'still.png'), {
      ...size,
      picture: scene.shown,
      panels: [
        { title: 'exact labels', labels: inflated(scene.labels[shownFrame(frames)]) },
        { title: 'every frame on its own', labels: perFrame.shown },
        { title: `with motion, ${age(frames)} frames after the key frame`, labels: warped.shown },
      ],
      classes: networks.card.classes,
      palette: networks.card.palette,
    });
    const report = makeReport(networks.card.name, flags, perFrame, warped);
    await writeFileAtomic(join(out, 'stats.json'), `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : describe(report, out));
  } finally {
    await networks.close();
  }
}

/** The scene's labels are CamVid's. */
function checkClasses(classes: readonly string[], model: string): void {
  if (classes.join() === CAMVID.classes.join()) return;
  throw new InputError(
    `${model}: has other classes than the scene's (${CAMVID.classes.join(', ')}); give a model trained on CamVid`,
  );
}

/** Frame that the still shows: the last before a key frame, where warping has gone furthest. */
const shownFrame = (frames: number): number =>
  Math.min(frames - 1, GROUP * Math.ceil(frames / GROUP / 2) - 1);
const age = (frames: number): number => shownFrame(frames) % GROUP;

/** A label map, packed: a long scene's would fill the memory. */
type Deflated = Uint8Array;
const inflated = (labels: Deflated): Uint8Array => new Uint8Array(inflateRawSync(labels));

async function renderScene(
  path: string,
  { size, frames, seed }: DemoFlags,
  progress: Progress,
): Promise<{ labels: Deflated[]; shown: Uint8Array }> {
  const [{ StreetScene }, { encodeVideo }] = await Promise.all([
    import('../../data/street/street-scene.js'),
    import('../../video/index.js'),
  ]);
  await using writer = await encodeVideo({ output: path, ...size, frameRate: FRAME_RATE, gop: GROUP });
  const labels: Deflated[] = [];
  let shown = new Uint8Array();
  for (const frame of new StreetScene({ ...size, seed, frameRate: FRAME_RATE }).frames(frames)) {
    await writer.write(frame.pixels);
    if (labels.length === shownFrame(frames)) shown = frame.pixels as typeof shown;
    labels.push(deflateRawSync(frame.labels, { level: 1 }));
    progress.update(labels.length, 'rendering the street');
  }
  await writer.finish();
  return { labels, shown };
}

interface SceneInput {
  readonly path: string;
  /** Exact labels, one map a frame. */
  readonly truth: readonly Deflated[];
  readonly progress: Progress;
  /** Units of progress done before. */
  readonly done: number;
  readonly perFrame: boolean;
  readonly overlay: string;
}

async function segmentScene(
  { path, truth, progress, done, perFrame, overlay }: SceneInput,
  networks: Awaited<ReturnType<typeof import('../../network/index.js')['loadNetworks']>>,
): Promise<DemoRun> {
  const [{ openVideo }, { writeSegmentation }, { ConfusionMatrix, meanIou }] = await Promise.all([
    import('../../video/index.js'),
    import('../../segment/index.js'),
    import('../../evaluate/index.js'),
  ]);
  await using video = await openVideo(path);
  const confusion = new ConfusionMatrix(networks.classes);
  let shown = new Uint8Array();
  const stats = await writeSegmentation(video, networks, {
    keyFrames: { mode: 'codec' },
    perFrame,
    overlay,
    palette: networks.card.palette,
    onFrame: ({ frame, labels }, count) => {
      confusion.add(labels, inflated(truth[frame.index]));
      if (frame.index === shownFrame(truth.length)) shown = labels as typeof shown;
      progress.update(done + count, perFrame ? 'every frame on its own' : 'with motion');
    },
  });
  return { meanIou: meanIou(confusion), stats, shown };
}

function makeReport(model: string, { frames, size, seed }: DemoFlags, perFrame: DemoRun, warped: DemoRun) {
  const side = ({ meanIou, stats }: DemoRun) => ({ meanIou, framesPerSecond: stats.framesPerSecond });
  return {
    model,
    layer: 1,
    frames,
    ...size,
    seed,
    perFrame: side(perFrame),
    withMotion: side(warped),
    speedUp: warped.stats.framesPerSecond / perFrame.stats.framesPerSecond,
    agreement: agreement(perFrame.shown, warped.shown),
  };
}

/** Share of the shown frame's pixels that both ways label alike. */
function agreement(a: Uint8Array, b: Uint8Array): number {
  let same = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) same++;
  return same / a.length;
}

function describe(report: ReturnType<typeof makeReport>, out: string): string {
  const line = (
    name: string,
    { meanIou, framesPerSecond }: { meanIou: number; framesPerSecond: number },
  ): string =>
    `${name.padEnd(24)}mIoU ${(100 * meanIou).toFixed(1)}   ${framesPerSecond.toFixed(1)} frames a second`;
  return [
    line('every frame on its own', report.perFrame),
    line('with motion (Layer 1)', report.withMotion),
    `${report.speedUp.toFixed(2)} times the speed, decoding and the overlay video's encoding included`,
    '(a rendered street, on which the model was not trained; docs/figures.md has the figures on real video)',
    '',
    `Look at ${join(out, 'still.png')} (a frame and its labels) and play ${join(out, 'overlay.mp4')}.`,
    'Next: another street:   npm run twnet -- demo --seed 3',
    '      your own video:   npm run twnet -- segment YOUR_VIDEO -o overlay.mp4',
    '',
  ].join('\n');
}
