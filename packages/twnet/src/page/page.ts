/** One page of a segmented clip that needs nothing but a browser: no network, no other file. */
import type { Recording } from '@twnet/core/segment/recording';
import { type Curve, distanceChart } from './distance-chart.js';
import { escaped } from './escaped.js';
import { pageHtml } from './page-html.js';
import { STAGE_COLOURS } from './page-style.js';

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

export interface PageData {
  readonly title: string;
  readonly about: readonly string[];
  readonly command: string;
  /** Frames that the figures are over; the page may show fewer. */
  readonly frameCount: number;
  readonly recording: Recording;
  readonly perFrame: PageRun;
  readonly twnet: PageRun;
  readonly warpAlone: PageRun;
}

/** The page as HTML. */
export function renderPage(data: PageData): string {
  const { title, about, command, perFrame, twnet, warpAlone, recording } = data;
  const runs = [perFrame, twnet, warpAlone];
  const body = `<h1>${escaped(title)}</h1>
${about.map((line) => `<p class="soft">${escaped(line)}</p>`).join('\n')}
<p class="soft">Made by <code>${escaped(command)}</code></p>
${figures(perFrame, twnet)}
<h2>Frame by frame</h2>
<div id="viewer"></div>
<p class="soft">Arrow keys step through the frames. Key frames have no vectors: nothing is warped to them.</p>
<h2>mIoU over the distance from the key frame</h2>
${distanceChart(runs)}
<p class="soft">${escaped(curveNote(data))}</p>
<h2>IoU by class</h2>
${classTable(data, runs)}
<h2>Where the time goes</h2>
${stageBars([perFrame, twnet])}`;
  return pageHtml({ title, body, recordings: [recording] });
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

function classTable({ recording: { classes, palette } }: PageData, runs: readonly PageRun[]): string {
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
        `<i style="width:${((100 * ms) / longest).toFixed(1)}%;background:${STAGE_COLOURS[i % STAGE_COLOURS.length]}" title="${escaped(stage)} ${ms.toFixed(1)} ms"></i>`,
    );
    const times = Object.entries(run.stages ?? {}).map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`);
    return `<p>${escaped(run.name)}: ${total(run).toFixed(1)} ms a frame, stages added up</p><div class="bar" aria-hidden="true">${parts.join('')}</div><p class="soft">${escaped(times.join(' · '))} ms</p>`;
  });
  const names = Object.keys(runs[0].stages ?? {}).map(
    (stage, i) =>
      `<span class="step"><span class="swatch" style="background:${STAGE_COLOURS[i % STAGE_COLOURS.length]}"></span>${escaped(stage)}</span>`,
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
