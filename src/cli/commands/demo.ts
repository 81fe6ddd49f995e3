/** `twnet demo`: the whole way on a scene that the project renders itself. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { messageOf, OutputError } from '../../errors.js';
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

export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('render a short street scene, segment it frame by frame and with motion, show both')
    .option('-o, --out <dir>', 'folder for scene.mp4, the overlay videos, still.png, stats.json', 'demo-out')
    .option('--frames <n>', 'length of the scene', positiveInteger, 60)
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
    await writeStill(
      join(out, 'still.png'),
      scene.shown,
      [perFrame.shown, warped.shown],
      networks.card.palette,
      size,
    );
    const report = makeReport(networks.card.name, flags, perFrame, warped);
    await writeFileAtomic(join(out, 'stats.json'), `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : describe(report, out));
  } finally {
    await networks.close();
  }
}

/** Frame that the still shows: the last before a key frame, where warping has gone furthest. */
const shownFrame = (frames: number): number =>
  Math.min(frames - 1, 12 * Math.max(1, Math.floor(frames / 24)) - 1);

async function renderScene(
  path: string,
  { size, frames, seed }: DemoFlags,
  progress: Progress,
): Promise<{ labels: Uint8Array[]; shown: Uint8Array }> {
  const [{ renderDemoScene }, { encodeVideo }] = await Promise.all([
    import('../../data/demo-scene.js'),
    import('../../video/index.js'),
  ]);
  await using writer = await encodeVideo({ output: path, ...size, frameRate: FRAME_RATE });
  const labels: Uint8Array[] = [];
  let shown = new Uint8Array();
  for (const frame of renderDemoScene({ ...size, frames, seed, frameRate: FRAME_RATE })) {
    await writer.write(frame.pixels);
    if (labels.length === shownFrame(frames)) shown = frame.pixels as typeof shown;
    labels.push(frame.labels);
    progress.update(labels.length, 'rendering the street');
  }
  await writer.finish();
  return { labels, shown };
}

interface SceneInput {
  readonly path: string;
  /** Exact labels, one map a frame. */
  readonly truth: readonly Uint8Array[];
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
      confusion.add(labels, truth[frame.index]);
      if (frame.index === shownFrame(truth.length)) shown = labels as typeof shown;
      progress.update(done + count, perFrame ? 'every frame on its own' : 'with motion');
    },
  });
  return { meanIou: meanIou(confusion), stats, shown };
}

/** The picture, and the labels of both ways drawn over it, side by side. */
async function writeStill(
  path: string,
  picture: Uint8Array,
  labelMaps: readonly Uint8Array[],
  palette: readonly (readonly [number, number, number])[],
  { width, height }: { width: number; height: number },
): Promise<void> {
  const [{ default: sharp }, { Overlay }, { writeFileAtomic }] = await Promise.all([
    import('sharp'),
    import('../../segment/index.js'),
    import('../../files/index.js'),
  ]);
  const overlay = new Overlay(palette, 0.6);
  const panels = [picture, ...labelMaps.map((labels) => overlay.draw(picture, labels))];
  const composites = await Promise.all(
    panels.map(async (planes, i) => ({
      input: await pngOfPlanes(planes, width, height),
      left: i * width,
      top: 0,
    })),
  );
  const canvas = sharp({ create: { width: panels.length * width, height, channels: 3, background: '#000' } });
  await writeFileAtomic(path, await canvas.composite(composites).png().toBuffer());
}

async function pngOfPlanes(planes: Uint8Array, width: number, height: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const area = width * height;
  const raw = { width, height, channels: 1 as const };
  const bands = [1, 2].map((plane) => Buffer.from(planes.subarray(plane * area, (plane + 1) * area)));
  const first = sharp(Buffer.from(planes.subarray(0, area)), { raw });
  return first.joinChannel(bands, { raw }).toColourspace('srgb').png().toBuffer();
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
    `Look at ${join(out, 'still.png')} (picture, every frame on its own, with motion) and ${join(out, 'overlay.mp4')}.`,
    `Next: npm run twnet -- segment YOUR_VIDEO -o overlay.mp4`,
    '',
  ].join('\n');
}
