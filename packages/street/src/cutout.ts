/** Triangles whose texture has holes. */
import type { Material } from './mesh.js';
import { type Lens, plane, VERTEX } from './plane.js';

/** Where a texture with holes covers. */
export class Cutout {
  private readonly u = new Float64Array(3);
  private readonly v = new Float64Array(3);
  private data: Uint8Array = new Uint8Array();
  private at = 0;
  private logWidth = 0;
  private logHeight = 0;

  prepare(
    vertices: Float64Array,
    a: number,
    b: number,
    c: number,
    double: number,
    { texture }: Material,
    lens: Lens,
  ): void {
    plane(vertices, a, b, c, 3, lens, this.u);
    plane(vertices, a, b, c, 4, lens, this.v);
    const v = vertices;
    const area = Math.abs(
      (v[VERTEX * b + 3] - v[VERTEX * a + 3]) * (v[VERTEX * c + 4] - v[VERTEX * a + 4]) -
        (v[VERTEX * c + 3] - v[VERTEX * a + 3]) * (v[VERTEX * b + 4] - v[VERTEX * a + 4]),
    );
    const texels = area * 2 ** (texture.logWidth + texture.logHeight);
    const wanted = Math.round(0.5 * Math.log2(texels / Math.abs(double) + 1e-9) - 0.3);
    const level = Math.max(0, Math.min(wanted, Math.max(texture.logWidth, texture.logHeight) - 3));
    this.data = texture.data;
    this.at = texture.levels[level] + 3;
    this.logWidth = Math.max(0, texture.logWidth - level);
    this.logHeight = Math.max(0, texture.logHeight - level);
  }

  covers(x: number, y: number, w: number): boolean {
    const { u, v, logWidth, logHeight } = this;
    const width = 1 << logWidth;
    const column = Math.floor(((u[0] + u[1] * x + u[2] * y) / w) * width) & (width - 1);
    const row = Math.floor(((v[0] + v[1] * x + v[2] * y) / w) * (1 << logHeight)) & ((1 << logHeight) - 1);
    return this.data[this.at + 4 * ((row << logWidth) + column)] >= 128;
  }
}
