/** `twnet demo`: the whole way on a scene that the project renders itself. */
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { pointName, pointOf } from '@twnet/core/network/operating-point';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import { FilledFolder } from '@twnet/node/files/filled-folder';
import { type Command, InvalidArgumentError } from 'commander';
import type { SceneRun } from '../demo/segment-scene.js';
import { modelOption } from '../model-option.js';
import { positiveInteger, sizeOption } from '../option-values.js';
import { addOutputOption, forceOption } from '../output-option.js';
import { showProgress } from '../progress.js';
import { written, writtenLines } from '../written.js';

/** What the demo writes. */
const WHAT: Readonly<Record<string, string>> = {
  'index.html': 'page',
  'scene.mp4': 'rendered street',
  'overlay.mp4': 'labels with motion, drawn over it',
  'overlay-per-frame.mp4': 'labels of every frame on its own',
  'still.png': 'still',
  'stats.json': 'figures',
};
const FILES = Object.keys(WHAT);
const NAMES = /^(index\.html|scene\.mp4|overlay(-per-frame)?\.mp4|still\.png|stats\.json)$/;

interface DemoFlags {
  readonly output: string;
  readonly force?: boolean;
  readonly frames: number;
  readonly size: { width: number; height: number };
  readonly seed: number;
  readonly model?: string;
  readonly json?: boolean;
}

export function registerDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description('render a short street scene, segment it frame by frame and with motion, show both');
  const files = `folder for ${FILES.join(', ')}`;
  addOutputOption(command, '<dir>', files, { default: 'demo-out' })
    .addOption(forceOption())
    .option('--frames <n>', 'length of the scene, at least 2', severalFrames, 48)
    .addOption(sizeOption('frame size'))
    .option('--seed <n>', 'another street', positiveInteger, 55)
    .addOption(modelOption(" of CamVid's classes (default: camvid-mobilenet-v1)"))
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', '\nExample:\n  twnet demo --frames 90 --seed 3 -o street')
    .action(demo);
}

/** Motion is between frames: of one alone there are no figures. */
function severalFrames(text: string): number {
  const value = positiveInteger(text);
  if (value < 2) throw new InvalidArgumentError('It must be at least 2.');
  return value;
}

async function demo(flags: DemoFlags): Promise<void> {
  const { output: out, size, frames, json, force, model } = flags;
  claimOutputs([{ path: out, kind: 'folder', flag: '-o', names: NAMES }], {
    inputs: model === undefined ? [] : [model],
    force,
  });
  const folder = FilledFolder.open(out, { names: NAMES, force });
  folder.expect(...FILES);
  const [
    { loadNetworks },
    { PAPER_MODEL },
    { writeFileAtomic },
    { renderScene },
    { flickerOf, segmentScene },
  ] = await Promise.all([
    import('@twnet/node/networks/networks'),
    import('@twnet/node/model/model'),
    import('@twnet/node/files/atomic'),
    import('../demo/scene.js'),
    import('../demo/segment-scene.js'),
  ]);
  const path = join(out, 'scene.mp4');
  const networks = await loadNetworks(model ?? PAPER_MODEL, size);
  try {
    checkClasses(networks.card.classes, networks.card.name);
    using progress = showProgress('demo', { unit: 'frames', total: 4 * frames, silent: json });
    const at = (part: number, what: string) => (done: number) => progress.update(part * frames + done, what);
    const timed = (part: number, what: (rate: string) => string) => {
      const start = performance.now();
      return (done: number) => at(part, what(((1000 * done) / (performance.now() - start)).toFixed(1)))(done);
    };
    const truth = await renderScene(path, flags, at(0, 'rendering the street'));
    // Both write an overlay, so that their speeds compare.
    const perFrame = await segmentScene(
      {
        name: 'every frame on its own',
        ...{ path, truth, perFrame: true, overlay: join(out, 'overlay-per-frame.mp4') },
        onFrame: timed(1, (rate) => `every frame on its own: ${rate} a second`),
      },
      networks,
    );
    const ownRate = perFrame.stats.framesPerSecond.toFixed(1);
    const twnet = await segmentScene(
      {
        name: `with motion (${pointName(pointOf(networks))})`,
        ...{ path, truth, perFrame: false, overlay: join(out, 'overlay.mp4') },
        onFrame: timed(2, (rate) => `with motion: ${rate} a second (alone: ${ownRate})`),
      },
      networks,
    );
    const warpAlone = await warpedAlone(flags, path, truth, at(3, 'warping alone'));
    progress.close();
    const flicker = flickerOf([perFrame, twnet], size.width, size.height);
    const runs = { perFrame, twnet, warpAlone, flicker };
    await writePictures(flags, networks, truth, runs);
    const report = makeReport(networks, flags, runs);
    await writeFileAtomic(join(out, 'stats.json'), `${JSON.stringify(report, null, 2)}\n`);
    folder.wrote(...FILES);
    const outputs = FILES.map((name) => written(join(out, name), WHAT[name]));
    const text = `${JSON.stringify({ ...report, outputs }, null, 2)}\n`;
    process.stdout.write(json ? text : `${writtenLines(outputs)}${describe(report, twnet.name, out)}`);
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

type Truth = Awaited<ReturnType<typeof import('../demo/scene.js')['renderScene']>>;
type Networks = Awaited<ReturnType<typeof import('@twnet/node/networks/networks')['loadNetworks']>>;

/** The key-frame network's own remainder behind the warp: what propagation costs without training. */
async function warpedAlone(
  { model, size }: DemoFlags,
  path: string,
  truth: Truth,
  onFrame: (done: number) => void,
): Promise<SceneRun> {
  const [{ loadNetworks }, { PAPER_MODEL }, { segmentScene }] = await Promise.all([
    import('@twnet/node/networks/networks'),
    import('@twnet/node/model/model'),
    import('../demo/segment-scene.js'),
  ]);
  const networks = await loadNetworks(model ?? PAPER_MODEL, { ...size, warpAlone: true });
  try {
    return await segmentScene({ name: 'warping alone', path, truth, perFrame: false, onFrame }, networks);
  } finally {
    await networks.close();
  }
}

interface Runs {
  readonly perFrame: SceneRun;
  readonly twnet: SceneRun;
  readonly warpAlone: SceneRun;
  readonly flicker: [number, number];
}

/** The still and the page. */
async function writePictures(flags: DemoFlags, networks: Networks, truth: Truth, runs: Runs): Promise<void> {
  const [{ writeDemoStill }, { makeDemoPage }, { writeFileAtomic }] = await Promise.all([
    import('../demo/demo-still.js'),
    import('../demo/demo-page.js'),
    import('@twnet/node/files/atomic'),
  ]);
  const { output: out, size, frames, seed, model } = flags;
  const { perFrame, twnet } = runs;
  const shown = shownFrame(twnet);
  await writeDemoStill(join(out, 'still.png'), {
    ...size,
    picture: twnet.shown[shown].frame.pixels,
    panels: [
      { title: 'exact labels', labels: truth.at(shown) },
      { title: 'every frame on its own', labels: perFrame.shown[shown].labels },
      {
        title: `with motion, ${twnet.shown[shown].distance} frames after the key frame`,
        labels: twnet.shown[shown].labels,
      },
    ],
    classes: networks.card.classes,
    palette: networks.card.palette,
  });
  const command = `twnet demo --frames ${frames} --size ${size.width}x${size.height} --seed ${seed}${model ? ` --model ${model}` : ''}`;
  const page = await makeDemoPage({ command, networks, truth, ...runs });
  await writeFileAtomic(join(out, 'index.html'), page);
}

/** Frame that the still shows: one that warping has gone furthest to, about the middle. */
function shownFrame({ shown }: SceneRun): number {
  const furthest = Math.max(...shown.map(({ distance }) => distance));
  const candidates = [...shown.keys()].filter((i) => shown[i].distance === furthest);
  return candidates[candidates.length >> 1];
}

function makeReport(
  { card, layer, speed }: Networks,
  { frames, size, seed }: DemoFlags,
  { perFrame, twnet, warpAlone, flicker }: Runs,
) {
  const side = ({ meanIou, stats }: SceneRun, flickering: number) => ({
    meanIou,
    framesPerSecond: stats.framesPerSecond,
    flicker: flickering,
  });
  return {
    model: card.name,
    ...(speed === undefined ? { layer } : { speed }),
    frames,
    ...size,
    seed,
    perFrame: side(perFrame, flicker[0]),
    withMotion: side(twnet, flicker[1]),
    warpAlone: { meanIou: warpAlone.meanIou },
    kept: twnet.meanIou / perFrame.meanIou,
    speedUp: twnet.stats.framesPerSecond / perFrame.stats.framesPerSecond,
  };
}

const percent = (share: number): string => (100 * share).toFixed(1);

function describe(report: ReturnType<typeof makeReport>, twnet: string, out: string): string {
  const line = (
    name: string,
    { meanIou, framesPerSecond }: { meanIou: number; framesPerSecond: number },
  ): string => `${name.padEnd(24)}mIoU ${percent(meanIou)}   ${framesPerSecond.toFixed(1)} frames a second`;
  const { perFrame, withMotion } = report;
  return [
    line('every frame on its own', perFrame),
    line(twnet, withMotion),
    `labels that flicker: ${percent(perFrame.flicker)} % of pixels alone, ${percent(withMotion.flicker)} % with motion`,
    `${report.speedUp.toFixed(2)} times the speed, decoding and the overlay video's encoding included; ` +
      `${percent(report.kept)} % of the accuracy kept (warping alone: mIoU ${percent(report.warpAlone.meanIou)})`,
    '(a rendered street that the model has not seen; docs/research/findings.md has the figures on real video)',
    '',
    `Open ${join(out, 'index.html')} in a browser: the clip frame by frame, its vectors, errors and figures.`,
    `Play ${join(out, 'overlay.mp4')}, or look at ${join(out, 'still.png')}.`,
    'Next: another street:   npm run twnet -- demo --seed 3',
    '      your own video:   npm run twnet -- segment YOUR_VIDEO -o overlay.mp4',
    '',
  ].join('\n');
}
