/** One page of a segmented clip that needs nothing but a browser: no network, no other file. */
import { type Curve, distanceChart } from './distance-chart.js';
import { escaped } from './escaped.js';
import type { ShownFrames } from './page-frame.js';
import { pageScript } from './page-script.js';
import { PAGE_STYLE, STAGE_COLOURS } from './page-style.js';

export type { PageFrame } from './page-frame.js';

/** One way of segmenting the clip. */
export interface PageRun extends Curve {
  readonly meanIou: number;
  /** NaN where a class does not occur. */
  readonly classIou: readonly number[];
  readonly framesPerSecond?: number;
  /** Share of pixels whose label changes along the motion. */
  readonly flicker?: number;
  /** Milliseconds a frame by stage. */
  readonly stages?: Readonly<Record<string, number>>;
}

export interface PageData extends ShownFrames {
  readonly title: string;
  readonly about: readonly string[];
  readonly command: string;
  /** Frames that the figures are over; the page may show fewer. */
  readonly frameCount: number;
  readonly classes: readonly string[];
  readonly palette: readonly (readonly [number, number, number])[];
  readonly perFrame: PageRun;
  readonly twnet: PageRun;
  readonly warpAlone: PageRun;
}

/** The page as HTML. */
export function renderPage(data: PageData): string {
  const { title, about, command, perFrame, twnet, warpAlone } = data;
  const runs = [perFrame, twnet, warpAlone];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${about.map((line) => `<p class="soft">${escaped(line)}</p>`).join('\n')}
<p class="soft">Made by <code>${escaped(command)}</code></p>
${figures(perFrame, twnet)}
<h2>Frame by frame</h2>
${player(data)}
<h2>mIoU over the distance from the key frame</h2>
${distanceChart(runs)}
<p class="soft">${escaped(curveNote(data))}</p>
<h2>IoU by class</h2>
${classTable(data, runs)}
<h2>Where the time goes</h2>
${stageBars([perFrame, twnet])}
</main>
<script type="application/json" id="frames">${asJson(data)}</script>
<script>${pageScript()}</script>
</body>
</html>
`;
}

const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(1) : '–');

function figures(perFrame: PageRun, twnet: PageRun): string {
  const rate = (run: PageRun): number => run.framesPerSecond ?? Number.NaN;
  const cards: [string, string][] = [
    [percent(perFrame.meanIou), 'mIoU, every frame on its own, %'],
    [percent(twnet.meanIou), 'mIoU with motion, %'],
    [percent(twnet.meanIou / perFrame.meanIou), 'of the accuracy kept, %'],
    [rate(perFrame).toFixed(1), 'frames a second on their own'],
    [rate(twnet).toFixed(1), 'frames a second with motion'],
    [`${(rate(twnet) / rate(perFrame)).toFixed(2)}×`, 'the speed'],
  ];
  if (perFrame.flicker !== undefined && twnet.flicker !== undefined)
    cards.push([
      `${percent(perFrame.flicker)} → ${percent(twnet.flicker)}`,
      'labels that flicker, % of pixels, alone → with motion',
    ]);
  const card = ([value, what]: [string, string]): string =>
    `<div class="figure"><b>${escaped(value)}</b><span class="soft">${escaped(what)}</span></div>`;
  return `<div class="figures">${cards.map(card).join('')}</div>`;
}

function player({ frames, width, height }: PageData): string {
  const place = `width="${width}" height="${height}" style="aspect-ratio:${width}/${height}"`;
  const image = (id: string, alt: string, grid = false): string =>
    `<figure><img id="${id}" alt="${alt}" ${place}${grid ? ' class="grid"' : ''}><figcaption>${alt}</figcaption></figure>`;
  const canvas = (id: string, alt: string): string =>
    `<figure><canvas id="${id}" ${place} role="img" aria-label="${alt}"></canvas><figcaption>${alt}</figcaption></figure>`;
  // The frame that warping has gone furthest to.
  const shown = frames.findIndex(({ distance }) => distance === Math.max(...frames.map((f) => f.distance)));
  return `<div class="player"><button id="play" type="button">Play</button>
<input id="frame" type="range" min="0" max="${frames.length - 1}" value="${shown}" aria-label="frame">
<output id="said" for="frame"></output></div>
<div class="panels">
${image('image', 'Decoded picture')}
${image('truth', 'Exact labels')}
${image('twnet', 'Labels with motion')}
${image('perFrame', 'Labels, every frame on its own')}
${canvas('errorsTwnet', 'Errors with motion, in red')}
${canvas('errorsPerFrame', 'Errors on its own, in red')}
${canvas('vectors', 'Motion vectors of the stream')}
${image('residual', 'Residual: what motion does not explain', true)}
${image('attention', 'Attention of RGA: where features are corrected', true)}
</div>
<p class="soft">Arrow keys step through the frames. Key frames have no vectors: nothing is warped to them.</p>`;
}

function classTable({ classes, palette }: PageData, runs: readonly PageRun[]): string {
  const swatch = (i: number): string =>
    `<span class="swatch" style="background:rgb(${palette[i].join(',')})"></span>`;
  const rows = classes.map(
    (name, i) =>
      `<tr><th scope="row">${swatch(i)}${escaped(name)}</th>${runs.map(({ classIou }) => `<td>${percent(classIou[i])}</td>`).join('')}</tr>`,
  );
  const mean = `<tr><th scope="row"><b>mean</b></th>${runs.map(({ meanIou }) => `<td><b>${percent(meanIou)}</b></td>`).join('')}</tr>`;
  const head = `<tr><th scope="col">class</th>${runs.map(({ name }) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${head}</thead><tbody>${rows.join('')}${mean}</tbody></table></div>`;
}

function stageBars(runs: readonly PageRun[]): string {
  const total = ({ stages = {} }: PageRun): number => Object.values(stages).reduce((a, b) => a + b, 0);
  const longest = Math.max(...runs.map(total));
  const rows = runs.map((run) => {
    const parts = Object.entries(run.stages ?? {}).map(
      ([stage, ms], i) =>
        `<span style="width:${((100 * ms) / longest).toFixed(1)}%;background:${STAGE_COLOURS[i % STAGE_COLOURS.length]}" title="${escaped(stage)} ${ms.toFixed(1)} ms"></span>`,
    );
    const times = Object.entries(run.stages ?? {}).map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`);
    return `<p>${escaped(run.name)}: ${total(run).toFixed(1)} ms a frame, stages added up</p><div class="bar" aria-hidden="true">${parts.join('')}</div><p class="soft">${escaped(times.join(' · '))} ms</p>`;
  });
  const names = Object.keys(runs[0].stages ?? {}).map(
    (stage, i) =>
      `<span class="stage"><span class="swatch" style="background:${STAGE_COLOURS[i % STAGE_COLOURS.length]}"></span>${escaped(stage)}</span>`,
  );
  return `${rows.join('')}<p class="soft">${names.join(' ')}</p><p class="soft">Stages of neighbouring frames overlap, so that they add up to more than a frame takes.</p>`;
}

/** How far the curve can be trusted: the frames behind a point, and that each point has other ones. */
function curveNote({ perFrame, frameCount }: PageData): string {
  const each = Math.floor(frameCount / perFrame.points.length);
  return (
    `Each point is the mean over ${each === 1 ? 'one frame' : `about ${each} frames`}, the same ones for every line; ` +
    'the next point has other frames. Compare the lines at a distance rather than one line along it.'
  );
}

/** JSON that cannot end the script element it stands in. */
function asJson({ frames, width, height, framesPerSecond }: PageData): string {
  const shown: ShownFrames = { width, height, framesPerSecond, frames };
  return JSON.stringify(shown).replaceAll('<', '\\u003c');
}
