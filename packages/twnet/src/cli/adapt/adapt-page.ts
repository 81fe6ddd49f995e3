/** What an adaptation came to, as one page: ways beside each other, what to run, and the frames that went worst. */
import type { Adaptation } from '@twnet/train/adapt/adapt';
import type { Judged, ShownFrame } from '@twnet/train/adapt/judge';
import { escaped } from '../../page/escaped.js';
import { pageHtml } from '../../page/page-html.js';
import { labelsUri, pictureUri } from '../../page/pictures.js';
import { waysChart } from './ways-chart.js';

/** Beside the network's own labels are those of the way that is recommended, or of what was learnt where that is the network. */
export async function adaptPage(adaptation: Adaptation): Promise<string> {
  const { model, ways, recommended, steps, samples, palette } = adaptation;
  const between = recommended.perFrame ? ways[ways.length - 1] : recommended;
  const shown = await Promise.all(between.worst.map((frame) => worstFrame(frame, palette)));
  const title = steps > 0 ? `${model}, adapted to its footage` : `${model} on this footage`;
  const learnt =
    steps > 0 ? `${samples} frames that the network looked at, ${steps} steps; judged` : 'Judged';
  const body = [
    `<h1>${escaped(title)}</h1>`,
    `<p class="soft">${learnt} on ${between.frames} frames that were held out.</p>`,
    `<h2>Recommended</h2><p><code>${escaped(commandOf(model, recommended))}</code></p>`,
    `<p>${escaped(sentenceOf(recommended, ways[0]))}</p>`,
    `<h2>Ways to segment it</h2>${waysChart(ways, recommended)}<div class="scroll">${table(ways, recommended)}</div>`,
    '<p class="soft">Agreement: pixels that have the labels of the network on every frame. Flicker: pixels whose label changes along the motion from one frame to the next. Frames a second on this machine, decoding included.</p>',
    `<h2>Where labels agree least: ${escaped(between.name)}</h2>${shown.join('')}`,
  ];
  return pageHtml({ title, body: body.join('\n') });
}

export function commandOf(model: string, { options }: Judged): string {
  return `twnet segment VIDEO --model ${model} ${options}`;
}

export function sentenceOf(way: Judged, own: Judged): string {
  const times = (way.framesPerSecond / own.framesPerSecond).toFixed(1);
  return `${way.name}: ${percent(way.agreement)} of the labels are the network's own, ${times} times its frames a second, flicker ${percent(way.flicker)} (its own: ${percent(own.flicker)})`;
}

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function table(ways: readonly Judged[], recommended: Judged): string {
  const row = (way: Judged, index: number) => {
    const name = `${index + 1}. ${escaped(way.name)}`;
    const { agreement, flicker, keyFrameShare, framesPerSecond } = way;
    const cells = [percent(agreement), percent(flicker), percent(keyFrameShare), framesPerSecond.toFixed(2)];
    return `<tr><th>${way === recommended ? `<b>${name}</b>` : name}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  };
  const head = ['way', 'agreement', 'flicker', 'key frames', 'frames a second']
    .map((cell) => `<th>${cell}</th>`)
    .join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${ways.map(row).join('')}</tbody></table>`;
}

async function worstFrame(
  { video, index, agreement, width, height, pixels, own, labels }: ShownFrame,
  palette: Adaptation['palette'],
): Promise<string> {
  const panels = [
    ['picture', await pictureUri(pixels, width, height)],
    ["the network's own", await labelsUri(own, width, height, palette)],
    ['with motion', await labelsUri(labels, width, height, palette)],
  ];
  const figures = panels.map(
    ([caption, uri]) =>
      `<figure><img src="${uri}" alt="${escaped(caption)}"><figcaption>${escaped(caption)}</figcaption></figure>`,
  );
  const what = `${video}, frame ${index} of the held-out part: ${percent(agreement)} agree`;
  return `<p>${escaped(what)}</p><div class="pictures">${figures.join('')}</div>`;
}
