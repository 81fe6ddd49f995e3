/** Feature warping along motion that is constant over blocks: see packages/core/src/motion/warp.ts. */
import { four } from './lanes';

const COPY: i32 = 0;
const UNIFORM: i32 = 1;
const GATHER: i32 = 2;

/** Shorter runs of equal fractional vectors are not worth their set-up: their cells join the neighbouring GATHER run. */
const SHORTEST_RUN: i32 = 4;

let runs: usize = 0;
let runCount: i32 = 0;

/**
 * F̂[p] = F[p − Mv[p] / stride], bilinear, positions clamped to the border.
 *
 * @param features,out channels × rows × columns float32 each
 * @param dx,dy rows × columns float32, pixels
 * @param plan 24 bytes a cell of scratch memory
 */
export function warp(
  features: usize,
  out: usize,
  channels: i32,
  rows: i32,
  columns: i32,
  stride: i32,
  dx: usize,
  dy: usize,
  plan: usize,
): void {
  const cells = rows * columns;
  const source = plan;
  const weightX = source + ((<usize>cells) << 2);
  const weightY = weightX + ((<usize>cells) << 2);
  runs = weightY + ((<usize>cells) << 2);
  const right: usize = columns > 1 ? 4 : 0;
  const below: usize = rows > 1 ? (<usize>columns) << 2 : 0;
  place(source, weightX, weightY, rows, columns, stride, dx, dy);
  group(source, weightX, weightY, rows, columns);
  const bytes = (<usize>cells) << 2;
  for (let c = 0; c < channels; c++) {
    const plane = features + <usize>c * bytes;
    const target = out + <usize>c * bytes;
    for (let r = 0; r < runCount; r++) {
      const run = runs + <usize>r * 12;
      const kind = load<i32>(run);
      const first = load<i32>(run, 4);
      const length = load<i32>(run, 8);
      const to = target + ((<usize>first) << 2);
      if (kind === COPY) {
        memory.copy(
          to,
          plane + ((<usize>load<i32>(source + ((<usize>first) << 2))) << 2),
          (<usize>length) << 2,
        );
      } else if (kind === UNIFORM) {
        const from = plane + ((<usize>load<i32>(source + ((<usize>first) << 2))) << 2);
        const at = (<usize>first) << 2;
        uniformRun(from, to, length, load<f32>(weightX + at), load<f32>(weightY + at), right, below);
      } else {
        gatherRun(plane, target, first, length, source, weightX, weightY, right, below);
      }
    }
  }
}

/** Each cell's upper-left source cell and its weights of the right-hand and lower neighbours. */
function place(
  source: usize,
  weightX: usize,
  weightY: usize,
  rows: i32,
  columns: i32,
  stride: i32,
  dx: usize,
  dy: usize,
): void {
  const scale = 1 / <f64>stride;
  const lastX = <f64>(columns - 1);
  const lastY = <f64>(rows - 1);
  for (let row = 0, at: usize = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at += 4) {
      const x = min(max(<f64>column - <f64>load<f32>(dx + at) * scale, 0), lastX);
      const y = min(max(<f64>row - <f64>load<f32>(dy + at) * scale, 0), lastY);
      const x0 = <i32>x;
      const y0 = <i32>y;
      store<i32>(source + at, y0 * columns + x0);
      store<f32>(weightX + at, <f32>(x - <f64>x0));
      store<f32>(weightY + at, <f32>(y - <f64>y0));
      if (x !== <f64>x0 || y !== <f64>y0)
        moveOffBorder(source + at, weightX + at, weightY + at, rows, columns);
    }
  }
}

/** On the far borders, where the next neighbour is missing, the last cell becomes the neighbour, with weight 1. */
function moveOffBorder(source: usize, weightX: usize, weightY: usize, rows: i32, columns: i32): void {
  let from = load<i32>(source);
  if (columns > 1 && from % columns === columns - 1) {
    from -= 1;
    store<f32>(weightX, 1);
  }
  if (rows > 1 && from >= (rows - 1) * columns) {
    from -= columns;
    store<f32>(weightY, 1);
  }
  store<i32>(source, from);
}

/** Splits the cells into runs whose sources are consecutive and whose weights are equal, and the rest. */
function group(source: usize, weightX: usize, weightY: usize, rows: i32, columns: i32): void {
  const cells = rows * columns;
  runCount = 0;
  for (let first = 0; first < cells; ) {
    const at = (<usize>first) << 2;
    const wx = load<f32>(weightX + at);
    const wy = load<f32>(weightY + at);
    let end = first + 1;
    while (end < cells) {
      const next = (<usize>end) << 2;
      if (
        load<i32>(source + next) !== load<i32>(source + next - 4) + 1 ||
        load<f32>(weightX + next) !== wx ||
        load<f32>(weightY + next) !== wy
      )
        break;
      end++;
    }
    const whole = wx === 0 && wy === 0;
    // On a grid of one column, consecutive sources lie below one another and have no right-hand neighbour.
    const gathered = end - first < SHORTEST_RUN || (columns === 1 && !whole);
    if (gathered && whole) {
      for (let cell = first; cell < end; cell++) {
        const place = (<usize>cell) << 2;
        moveOffBorder(source + place, weightX + place, weightY + place, rows, columns);
      }
    }
    const last = runs + <usize>(runCount - 1) * 12;
    if (gathered && runCount > 0 && load<i32>(last) === GATHER) {
      store<i32>(last, load<i32>(last, 8) + end - first, 8);
    } else {
      const run = runs + <usize>runCount * 12;
      store<i32>(run, gathered ? GATHER : whole ? COPY : UNIFORM);
      store<i32>(run, first, 4);
      store<i32>(run, end - first, 8);
      runCount++;
    }
    first = end;
  }
}

/** Equal weights along the run, four cells at a time. */
function uniformRun(from: usize, to: usize, length: i32, wx: f32, wy: f32, right: usize, below: usize): void {
  const wx4 = f32x4.splat(wx);
  const wy4 = f32x4.splat(wy);
  let i = 0;
  for (; i + 4 <= length; i += 4, from += 16, to += 16) {
    const a = v128.load(from);
    const b = v128.load(from + right);
    const left = f32x4.add(a, f32x4.mul(wy4, f32x4.sub(v128.load(from + below), a)));
    const next = f32x4.add(b, f32x4.mul(wy4, f32x4.sub(v128.load(from + below + right), b)));
    v128.store(to, f32x4.add(left, f32x4.mul(wx4, f32x4.sub(next, left))));
  }
  for (; i < length; i++, from += 4, to += 4) store<f32>(to, mixed(from, wx, wy, right, below));
}

/** Each cell with its own source and weights. */
function gatherRun(
  plane: usize,
  target: usize,
  first: i32,
  length: i32,
  source: usize,
  weightX: usize,
  weightY: usize,
  right: usize,
  below: usize,
): void {
  let at = (<usize>first) << 2;
  const end = at + ((<usize>length) << 2);
  for (; at + 16 <= end; at += 16) {
    const s0 = plane + ((<usize>load<i32>(source + at)) << 2);
    const s1 = plane + ((<usize>load<i32>(source + at, 4)) << 2);
    const s2 = plane + ((<usize>load<i32>(source + at, 8)) << 2);
    const s3 = plane + ((<usize>load<i32>(source + at, 12)) << 2);
    const wx = v128.load(weightX + at);
    const wy = v128.load(weightY + at);
    const a = four(s0, s1, s2, s3);
    const b = four(s0 + right, s1 + right, s2 + right, s3 + right);
    const c = four(s0 + below, s1 + below, s2 + below, s3 + below);
    const diagonal = below + right;
    const d = four(s0 + diagonal, s1 + diagonal, s2 + diagonal, s3 + diagonal);
    const left = f32x4.add(a, f32x4.mul(wy, f32x4.sub(c, a)));
    const next = f32x4.add(b, f32x4.mul(wy, f32x4.sub(d, b)));
    v128.store(target + at, f32x4.add(left, f32x4.mul(wx, f32x4.sub(next, left))));
  }
  for (; at < end; at += 4) {
    const from = plane + ((<usize>load<i32>(source + at)) << 2);
    store<f32>(target + at, mixed(from, load<f32>(weightX + at), load<f32>(weightY + at), right, below));
  }
}

function mixed(from: usize, wx: f32, wy: f32, right: usize, below: usize): f32 {
  const a = load<f32>(from);
  const b = load<f32>(from + right);
  const left = a + wy * (load<f32>(from + below) - a);
  const next = b + wy * (load<f32>(from + below + right) - b);
  return left + wx * (next - left);
}
