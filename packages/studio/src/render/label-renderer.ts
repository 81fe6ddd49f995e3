/** A frame with its labels over it, by WebGL: planes, labels and maps are textures, all else is arithmetic of the shader. */
import type { ClassTable } from '@twnet/core/classes';
import type { PictureSize } from '@twnet/core/runtime/frame-call';
import type { CoarseMap, Layer, Look } from '../shown.js';
import { FRAGMENT_SHADER, VERTEX_SHADER } from './shaders.js';

export interface Drawn extends Look {
  readonly layer: Layer;
  /** Of the width: right of it are the labels of the other way. */
  readonly wipe?: number | undefined;
}

export interface Shown {
  /** Planar RGB. */
  readonly pixels: Uint8Array;
  readonly size: PictureSize;
  readonly labels: Uint8Array;
  readonly labelSize: PictureSize;
  /** Labelled another way. */
  readonly alone?: Uint8Array | undefined;
  readonly truth?: Uint8Array | undefined;
  readonly map?: CoarseMap | undefined;
}

const TEXTURES = ['picture', 'labels', 'alone', 'truth', 'palette', 'map'] as const;
type TextureName = (typeof TEXTURES)[number];
const LAYERS: Readonly<Record<Layer, number>> = {
  none: 0,
  labels: 1,
  confidence: 2,
  residual: 2,
  attention: 2,
  truth: 3,
  errors: 4,
};

export class LabelRenderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #textures: Readonly<Record<TextureName, WebGLTexture>>;
  #height = 1;
  #hasAlone = false;
  #hasTruth = false;
  #hasMap = false;

  /** @throws Error where the browser has no WebGL 2 */
  constructor(
    readonly canvas: HTMLCanvasElement | OffscreenCanvas,
    readonly palette: ClassTable['palette'],
  ) {
    const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error('this browser has no WebGL 2, by which labels are drawn');
    this.#gl = gl as WebGL2RenderingContext;
    this.#program = programOf(this.#gl);
    const made = TEXTURES.map((name, unit) => [name, textureOf(this.#gl, unit)] as const);
    this.#textures = Object.fromEntries(made) as Record<TextureName, WebGLTexture>;
    this.#gl.useProgram(this.#program);
    for (const [unit, name] of TEXTURES.entries()) this.#gl.uniform1i(this.#place(name), unit);
  }

  /** Takes a frame to the graphics processor. */
  show({ pixels, size, labels, labelSize, alone, truth, map }: Shown): void {
    this.#height = size.height;
    this.#upload('picture', size.width, 3 * size.height, pixels);
    this.#upload('labels', labelSize.width, labelSize.height, labels);
    this.#hasAlone = alone !== undefined;
    if (alone) this.#upload('alone', labelSize.width, labelSize.height, alone);
    this.#hasTruth = truth !== undefined;
    if (truth) this.#upload('truth', labelSize.width, labelSize.height, truth);
    this.#hasMap = map !== undefined;
    if (map) this.#upload('map', map.columns, map.rows, map.values);
  }

  draw({ opacity, hidden, layer, wipe }: Drawn): void {
    const gl = this.#gl;
    const { width, height } = this.canvas;
    gl.useProgram(this.#program);
    this.#uploadPalette(hidden);
    gl.viewport(0, 0, width, height);
    gl.uniform1f(this.#place('opacity'), opacity);
    gl.uniform1f(this.#place('wipe'), this.#hasAlone && wipe !== undefined ? wipe : 2);
    gl.uniform1i(this.#place('pictureHeight'), this.#height);
    gl.uniform1i(this.#place('layer'), this.#isThere(layer) ? LAYERS[layer] : 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  close(): void {
    for (const texture of Object.values(this.#textures)) this.#gl.deleteTexture(texture);
    this.#gl.deleteProgram(this.#program);
  }

  #isThere(layer: Layer): boolean {
    if (layer === 'truth' || layer === 'errors') return this.#hasTruth;
    return LAYERS[layer] !== 2 || this.#hasMap;
  }

  #place(name: string): WebGLUniformLocation | null {
    return this.#gl.getUniformLocation(this.#program, name);
  }

  #upload(name: TextureName, width: number, height: number, bytes: Uint8Array): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + TEXTURES.indexOf(name));
    gl.bindTexture(gl.TEXTURE_2D, this.#textures[name]);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, bytes);
  }

  /** Colours by class; those that are hidden, and what is no class, are transparent. */
  #uploadPalette(hidden: readonly number[]): void {
    const gl = this.#gl;
    const colours = new Uint8Array(4 * 256);
    for (const [id, colour] of this.palette.entries())
      colours.set([...colour, hidden.includes(id) ? 0 : 255], 4 * id);
    gl.activeTexture(gl.TEXTURE0 + TEXTURES.indexOf('palette'));
    gl.bindTexture(gl.TEXTURE_2D, this.#textures.palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours);
  }
}

function textureOf(gl: WebGL2RenderingContext, unit: number): WebGLTexture {
  const texture = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, 1, 1, 0, gl.RED, gl.UNSIGNED_BYTE, new Uint8Array(1));
  return texture;
}

function programOf(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(`the shaders do not link: ${gl.getProgramInfoLog(program)}`);
  return program;
}
