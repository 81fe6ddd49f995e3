import { seededRandom } from '@twnet/core/random';
import { describe, expect, it } from 'vitest';
import { type CameraPath, type CameraPose, drawCameraPath, projectFrame } from './camera-path.js';

const WIDTH = 48;
const HEIGHT = 36;
const rest: CameraPose = { advance: 0, panX: 0, panY: 0, roll: 0, gain: 1 };
const whole: CameraPath = {
  vanishingX: 24,
  vanishingY: 16,
  windowX: WIDTH / 2,
  windowY: HEIGHT / 2,
  step: 1,
  flip: false,
  poses: [],
};

function projected(path: CameraPath, pose: CameraPose) {
  const x = new Float32Array(WIDTH * HEIGHT);
  const y = new Float32Array(WIDTH * HEIGHT);
  projectFrame(path, pose, WIDTH, HEIGHT, x, y);
  return (column: number, row: number) => [x[row * WIDTH + column], y[row * WIDTH + column]] as const;
}

describe('the camera over a still', () => {
  it('at rest with the whole window shows the still, and its mirror image when flipped', () => {
    const [plain, mirrored] = [projected(whole, rest), projected({ ...whole, flip: true }, rest)];
    for (const [column, row] of [
      [0, 0],
      [47, 35],
      [10, 30],
    ]) {
      expect(plain(column, row)[0]).toBeCloseTo(column, 4);
      expect(plain(column, row)[1]).toBeCloseTo(row, 4);
      expect(mirrored(column, row)[0]).toBeCloseTo(47 - column, 4);
      expect(mirrored(column, row)[1]).toBeCloseTo(row, 4);
    }
  });

  it('pans, and turns about the middle of the picture', () => {
    const [x, y] = projected(whole, { ...rest, panX: 3, panY: -2 })(10, 10);
    expect([x, y]).toEqual([13, 8]);
    // A quarter turn takes the place 10 right of the middle to 10 below it.
    const [turnedX, turnedY] = projected(whole, { ...rest, roll: Math.PI / 2 })(34, 18);
    expect(turnedX).toBeCloseTo(23.5 - 0.5, 4);
    expect(turnedY).toBeCloseTo(17.5 + 10.5, 4);
  });

  it('driving on moves a point at ρ from the vanishing point to ρ / (1 − advance · ρ)', () => {
    const advance = 0.2;
    const at = projected(whole, { ...rest, advance });
    for (const [column, row] of [
      [40, 30],
      [3, 20],
      [24, 2],
    ]) {
      const seen = Math.hypot(column + 0.5 - 24, row + 0.5 - 16) / (WIDTH / 2);
      const [x, y] = at(column, row);
      const source = Math.hypot(x + 0.5 - 24, y + 0.5 - 16) / (WIDTH / 2);
      expect(source / (1 - advance * source)).toBeCloseTo(seen, 4);
      expect(source).toBeLessThan(seen);
    }
  });

  it('never leaves the still by more than it drives and pans, and has a pose a frame', () => {
    for (let seed = 0; seed < 50; seed++) {
      const path = drawCameraPath(WIDTH, HEIGHT, 12, seededRandom(seed));
      expect(path.poses).toHaveLength(12);
      const at = projected({ ...path, flip: false }, rest);
      for (const [column, row] of [
        [0, 0],
        [WIDTH - 1, HEIGHT - 1],
      ]) {
        const [x, y] = at(column, row);
        expect(x).toBeGreaterThan(-0.5);
        expect(y).toBeGreaterThan(-0.5);
        expect(x).toBeLessThan(WIDTH - 0.5);
        expect(y).toBeLessThan(HEIGHT - 0.5);
      }
    }
  });
});
