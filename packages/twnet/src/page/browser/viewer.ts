/** What the page does in a browser: shows the chosen frame, draws its vectors and errors, plays. A script, not a module. */
import type { PageFrame, ShownFrames } from '../page-frame.js';

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

const data: ShownFrames = JSON.parse(element('frames').textContent!);
const { width, height, frames } = data;
const slider = element<HTMLInputElement>('frame');
const said = element('said');
const play = element('play');

/** Pictures that are kept decoded, at most. */
const MOST_LOADED = 80;
const loaded = new Map<string, Promise<HTMLImageElement>>();

function picture(uri: string): Promise<HTMLImageElement> {
  const known = loaded.get(uri);
  if (known) return known;
  const image = new Image();
  image.src = uri;
  const decoded = image.decode().then(() => image);
  loaded.set(uri, decoded);
  if (loaded.size > MOST_LOADED) loaded.delete(loaded.keys().next().value!);
  return decoded;
}

const contextOf = (id: string): CanvasRenderingContext2D => element<HTMLCanvasElement>(id).getContext('2d')!;

function pixels(image: HTMLImageElement): Uint8ClampedArray {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

const WRONG = [255, 70, 60];

async function drawErrors(
  id: 'errorsPerFrame' | 'errorsTwnet',
  labels: string,
  truth: string,
): Promise<void> {
  const [found, exact] = (await Promise.all([picture(labels), picture(truth)])).map(pixels);
  const out = new ImageData(width, height);
  for (let i = 0; i < found.length; i += 4) {
    const isSame = found[i] === exact[i] && found[i + 1] === exact[i + 1] && found[i + 2] === exact[i + 2];
    for (let k = 0; k < 3; k++) out.data[i + k] = isSame ? exact[i + k] >> 2 : WRONG[k];
    out.data[i + 3] = 255;
  }
  contextOf(id).putImageData(out, 0, 0);
}

function drawVectors(image: HTMLImageElement, vectors: PageFrame['vectors']): void {
  const context = contextOf('vectors');
  context.globalAlpha = 0.55;
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  context.globalAlpha = 1;
  if (!vectors) return;
  context.strokeStyle = '#ffd33d';
  context.lineWidth = Math.max(1, width / 480);
  context.beginPath();
  const { columns, stride, dx, dy } = vectors;
  for (let i = 0; i < dx.length; i++) {
    const x = ((i % columns) + 0.5) * stride;
    const y = (Math.floor(i / columns) + 0.5) * stride;
    context.moveTo(x - dx[i] / 4, y - dy[i] / 4);
    context.lineTo(x, y);
    context.rect(x - 0.5, y - 0.5, 1, 1);
  }
  context.stroke();
}

const PICTURES = ['image', 'truth', 'perFrame', 'twnet', 'residual', 'attention'] as const;
/** Frames that were asked for: of several, the last one is shown. */
let turn = 0;

async function show(index: number): Promise<void> {
  turn++;
  const mine = turn;
  const frame = frames[index];
  const image = await picture(frame.image);
  if (mine !== turn) return;
  slider.value = String(index);
  const { distance, kind, type } = frame;
  const place =
    kind === 'key' ? 'key frame' : `${distance}${distance === 1 ? ' frame' : ' frames'} after the key frame`;
  said.textContent = `frame ${index + 1} of ${frames.length} · ${type} · ${place}`;
  for (const name of PICTURES) {
    const uri = frame[name];
    const shown = element<HTMLImageElement>(name);
    shown.style.visibility = uri ? 'visible' : 'hidden';
    if (uri) shown.src = uri;
  }
  drawVectors(image, frame.vectors);
  await Promise.all([
    drawErrors('errorsPerFrame', frame.perFrame, frame.truth),
    drawErrors('errorsTwnet', frame.twnet, frame.truth),
  ]);
}

let timer: number | undefined;

function stop(): void {
  clearInterval(timer);
  timer = undefined;
  play.textContent = 'Play';
}

play.addEventListener('click', () => {
  if (timer !== undefined) return stop();
  play.textContent = 'Pause';
  const next = (): number => (Number(slider.value) + 1) % frames.length;
  timer = setInterval(() => show(next()), 1000 / data.framesPerSecond);
});
slider.addEventListener('input', () => {
  stop();
  void show(Number(slider.value));
});
document.addEventListener('keydown', ({ key, target }) => {
  if (target === slider || (key !== 'ArrowLeft' && key !== 'ArrowRight')) return;
  stop();
  const next = Number(slider.value) + (key === 'ArrowRight' ? 1 : -1);
  if (next >= 0 && next < frames.length) void show(next);
});
void show(Number(slider.value));
