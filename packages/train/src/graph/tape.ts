/**
 * A tape writes operators into a graph and remembers how each was applied, so that {@link differentiate} can walk back
 * over them.
 */
import type { Graph, Operator, Value } from '@twnet/core/graph/graph';

/** How an operator was applied. */
interface Application<A> {
  readonly inputs: readonly Value[];
  readonly output: Value;
  /** What `forward` kept for the way back. */
  readonly saved: readonly Value[];
  readonly attributes: A;
}

/** What a gradient rule gets to see. */
export interface GradientContext<A> extends Application<A> {
  readonly graph: Graph;
  /** Gradient of the loss by the output, of the output's shape. */
  readonly gradient: Value;
  /** Which inputs need a gradient; the others may be left undefined. */
  readonly needed: readonly boolean[];
}

/** An operator with its derivative. */
export interface Differentiable<A = undefined> extends Operator<A> {
  /** Gradients by the inputs, in their order and of their shapes. */
  gradient(context: GradientContext<A>): readonly (Value | undefined)[];
}

export class Tape {
  // The attribute type differs from entry to entry; each entry is consistent in itself.
  readonly applications: (Application<unknown> & { readonly operator: Differentiable<unknown> })[] = [];

  constructor(readonly graph: Graph) {}

  apply<A>(operator: Differentiable<A>, inputs: readonly Value[], attributes: A): Value {
    const { output, saved = [] } = operator.forward(this.graph, inputs, attributes);
    const applied = { operator: operator as Differentiable<unknown>, inputs, output, saved, attributes };
    this.applications.push(applied);
    return output;
  }
}

/**
 * Reverse-mode differentiation: appends the gradient of a scalar `loss` by each of `sources`.
 * A source that the loss does not depend on has no entry in the result.
 */
export function differentiate(tape: Tape, loss: Value, sources: readonly Value[]): Map<string, Value> {
  const { graph } = tape;
  const dependent = new Set(sources.map((source) => source.name));
  for (const { inputs, output } of tape.applications) {
    if (inputs.some((input) => dependent.has(input.name))) dependent.add(output.name);
  }

  const gradients = new Map<string, Value>([[loss.name, graph.scalar(1)]]);
  for (const application of tape.applications.toReversed()) {
    const gradient = gradients.get(application.output.name);
    if (!gradient) continue;
    const needed = application.inputs.map((input) => dependent.has(input.name));
    if (!needed.includes(true)) continue;
    const partials = application.operator.gradient({ graph, ...application, gradient, needed });
    application.inputs.forEach((input, i) => {
      const partial = partials[i];
      if (!needed[i] || !partial) return;
      const sum = gradients.get(input.name);
      gradients.set(input.name, sum ? graph.node('Add', [sum, partial]) : partial);
    });
  }
  return new Map(
    sources.flatMap(({ name }) => (gradients.has(name) ? [[name, gradients.get(name)!] as const] : [])),
  );
}
