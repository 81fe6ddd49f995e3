/**
 * A graph of ONNX operators under construction. Every value knows its shape and element type, so what is
 * built can be costed, differentiated and written out without running anything.
 */

export type ElementType = 'float32' | 'float16' | 'uint8' | 'int64' | 'int32' | 'bool';
export type Shape = readonly number[];

/** A named edge of the graph. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
}

/** Constant data with its shape. */
export interface Constant {
  readonly shape: Shape;
  readonly type: ElementType;
  /** Of float16 its 16-bit patterns. */
  readonly data: Float32Array | Uint8Array | Uint16Array | BigInt64Array | Int32Array;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface GraphNode {
  readonly operator: string;
  /** '' is ONNX's own operator set. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface NodeOptions {
  readonly attributes?: Record<string, Attribute>;
  readonly type?: ElementType;
  readonly domain?: string;
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Shape of two operands broadcast against each other, as NumPy's. */
function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs: Value[] = [];
  readonly outputs = new Map<string, Value>();
  readonly constants = new Map<string, Constant>();
  private readonly scalars = new Map<string, Value>();
  private counter = 0;

  /** A value fed at run time. */
  input(name: string, shape: Shape, type: ElementType = 'float32'): Value {
    const value = { name, shape, type };
    this.inputs.push(value);
    return value;
  }

  /** A value stored in the graph. */
  constant(data: Constant['data'], shape: Shape, name = this.fresh('const')): Value {
    if (data.length !== sizeOf(shape)) {
      throw new Error(
        `constant ${name}: ${data.length} elements do not fill the shape [${shape.join(', ')}]`,
      );
    }
    if (this.constants.has(name)) throw new Error(`constant ${name} is stored twice`);
    const type = elementTypeOf(data);
    this.constants.set(name, { shape, type, data });
    return { name, shape, type };
  }

  /** A float scalar, stored once a graph. */
  scalar(value: number): Value {
    return this.once(`f${value}`, () => this.constant(Float32Array.of(value), []));
  }

  /** A list of integers (axes, sizes, starts), stored once a graph. */
  integers(values: readonly number[]): Value {
    return this.once(`i${values.join(',')}`, () =>
      this.constant(BigInt64Array.from(values, BigInt), [values.length]),
    );
  }

  /** Appends an operator with one output, by default of the inputs' shapes broadcast against each other. */
  node(
    operator: string,
    inputs: readonly (Value | undefined)[],
    shape: Shape = inputs.map((input) => input?.shape ?? []).reduce(broadcastShape),
    options: NodeOptions = {},
  ): Value {
    const type = options.type ?? inputs.find((input) => input !== undefined)?.type ?? 'float32';
    const value = { name: this.fresh(operator), shape, type };
    this.nodes.push({
      operator,
      domain: options.domain ?? '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: [value.name],
      attributes: options.attributes ?? {},
    });
    return value;
  }

  reshape(x: Value, shape: Shape): Value {
    return this.node('Reshape', [x, this.integers(shape)], shape);
  }

  /** Entries `start` to `end` along an axis. */
  slice(x: Value, axis: number, start: number, end: number): Value {
    const bounds = [start, end, axis].map((bound) => this.integers([bound]));
    const shape = x.shape.map((extent, i) => (i === axis ? end - start : extent));
    return this.node('Slice', [x, ...bounds], shape);
  }

  /** Joins along an axis. */
  concat(parts: readonly Value[], axis: number): Value {
    const whole = parts.reduce((sum, { shape }) => sum + shape[axis], 0);
    const shape = parts[0].shape.map((extent, i) => (i === axis ? whole : extent));
    return this.node('Concat', parts, shape, { attributes: { axis } });
  }

  /** ReduceSum, ReduceMean, … over axes, which stay with one entry if `keep`; without axes: over all, to a scalar. */
  reduce(operator: string, x: Value, axes?: readonly number[], keep = axes !== undefined): Value {
    const kept = x.shape.map((extent, i) => (axes?.includes(i) === false ? extent : 1));
    const shape = keep ? kept : x.shape.filter((_, i) => axes?.includes(i) === false);
    const inputs = axes ? [x, this.integers(axes)] : [x];
    return this.node(operator, inputs, shape, { attributes: { keepdims: Number(keep) } });
  }

  /** Appends an operator with two outputs. */
  nodeOfTwo(
    operator: string,
    inputs: readonly Value[],
    shapes: readonly [Shape, Shape],
    types: readonly [ElementType, ElementType],
    attributes: Record<string, Attribute>,
  ): [Value, Value] {
    const first = this.node(operator, inputs, shapes[0], { type: types[0], attributes });
    const second = { name: this.fresh(operator), shape: shapes[1], type: types[1] };
    const node = this.nodes[this.nodes.length - 1];
    this.nodes[this.nodes.length - 1] = { ...node, outputs: [first.name, second.name] };
    return [first, second];
  }

  /** Makes a value an output under a name of its own. */
  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw new Error(`output ${name} is named twice`);
    this.outputs.set(name, value);
  }

  private once(key: string, make: () => Value): Value {
    const known = this.scalars.get(key);
    if (known) return known;
    const made = make();
    this.scalars.set(key, made);
    return made;
  }

  private fresh(stem: string): string {
    this.counter += 1;
    return `${stem}_${this.counter}`;
  }
}

function elementTypeOf(data: Constant['data']): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Uint16Array) return 'float16';
  return 'int64';
}

/** An operator: how it is written in ONNX. Its derivative is training's (`packages/train/src/graph/gradients/`). */
export interface Operator<A = undefined> {
  readonly name: string;
  forward(graph: Graph, inputs: readonly Value[], attributes: A): Written;
  /** Multiply-adds; without: none that count. */
  macs?(output: Value, inputs: readonly Value[], attributes: A): number;
}

export interface Written {
  readonly output: Value;
  /** Values on the way that the derivative needs again. */
  readonly saved?: readonly Value[];
}
