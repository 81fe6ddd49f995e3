/** Motion of a frame as lines: from where the content of a cell was, one frame before, to where it is. */
import type { Vectors } from '../shown.js';

/** Pixels between neighbouring lines, at least. */
const SPACING = 30;
/** Shorter motion is a dot that nobody needs. */
const LEAST = 0.4;

export function drawVectors(
  canvas: HTMLCanvasElement,
  vectors: Vectors | undefined,
  frameWidth: number,
  distance: number,
): void {
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!vectors) return;
  const { rows, columns, stride, dx, dy } = vectors;
  const zoom = canvas.width / frameWidth;
  // What is traced back to the key frame is shared out among the frames between.
  const share = 1 / Math.max(1, distance);
  const step = Math.max(1, Math.round(SPACING / (stride * zoom)));
  context.lineCap = 'round';
  context.lineWidth = Math.max(1.25, zoom * 0.9);
  const path = new Path2D();
  const heads = new Path2D();
  for (let row = step >> 1; row < rows; row += step)
    for (let column = step >> 1; column < columns; column += step) {
      const at = row * columns + column;
      if (share * Math.hypot(dx[at], dy[at]) < LEAST) continue;
      const x = (column + 0.5) * stride * zoom;
      const y = (row + 0.5) * stride * zoom;
      path.moveTo(x - share * dx[at] * zoom, y - share * dy[at] * zoom);
      path.lineTo(x, y);
      heads.moveTo(x + 1.6, y);
      heads.arc(x, y, Math.max(1.4, zoom), 0, 2 * Math.PI);
    }
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  context.lineWidth += 1.5;
  context.stroke(path);
  context.lineWidth -= 1.5;
  context.strokeStyle = '#ffe066';
  context.stroke(path);
  context.fillStyle = '#fff';
  context.fill(heads);
}
