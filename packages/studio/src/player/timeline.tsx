/** All frames by their types, and of those that were labelled how far they are from their key frames. */
import { useEffect, useRef } from 'preact/hooks';
import type { Player } from './player.js';
import { usePlayer } from './player-context.js';

const HEIGHT = 44;
/** Beyond this distance bars do not shrink any more. */
const FARTHEST = 16;

export function Timeline() {
  const player = usePlayer();
  const canvas = useRef<HTMLCanvasElement>(null);
  const count = player.frameCount;
  useEffect(() => {
    if (canvas.current && count !== undefined) draw(canvas.current, player, count);
  });
  if (count === undefined) return null;
  return (
    <div class="timeline">
      <canvas ref={canvas} role="img" aria-label="frames by type and distance" />
      <input
        id="frame"
        type="range"
        min="0"
        max={count - 1}
        value={player.frame?.index ?? 0}
        aria-label="frame"
        onInput={({ currentTarget }) => {
          player.pause();
          player.seek(Number(currentTarget.value));
        }}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, { opened, records, frame }: Player, count: number): void {
  const { clientWidth } = canvas;
  const ratio = devicePixelRatio || 1;
  const [width, height] = [Math.round(clientWidth * ratio), Math.round(HEIGHT * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  const { color, borderTopColor, borderBottomColor, caretColor } = getComputedStyle(canvas);
  const colours = [color, borderTopColor, borderBottomColor];
  context.clearRect(0, 0, width, height);
  const each = width / count;
  const types = opened!.index!.types;
  // Several frames a pixel: a key frame among them is shown.
  const step = Math.max(1, Math.floor(1 / each));
  for (let i = 0; i < count; i += step) {
    const group = types.subarray(i, i + step);
    const type = group.includes(0) ? 0 : group[0];
    const record = records.get(i);
    const share = record ? 1 - Math.min(record.distance, FARTHEST) / (1.6 * FARTHEST) : 0.28;
    context.globalAlpha = record ? 1 : 0.45;
    context.fillStyle = record?.kind === 'key' ? colours[0] : colours[type === 0 ? 0 : type];
    const bar = share * (height - 6 * ratio);
    context.fillRect(
      i * each,
      height - bar,
      Math.max(each * step - (each > 4 ? ratio : 0), ratio * 0.75),
      bar,
    );
  }
  context.globalAlpha = 1;
  if (!frame) return;
  context.fillStyle = caretColor;
  const x = (frame.index + 0.5) * each;
  context.fillRect(x - ratio, 0, 2 * ratio, height);
}
