/**
 * One training step as one graph: forward, loss, backward, and the update of every parameter.
 *
 * Inputs: the network's own, the loss's own, each parameter under its name, `first:<name>` and
 * `second:<name>` (Adam's moments), and Adam's schedule. Outputs: `loss`, further named scalars or features,
 * and `new:<name>`, `newFirst:<name>`, `newSecond:<name>`.
 */

import { Graph, type Value } from '@twnet/core/graph/graph';
import type { NetworkDescription } from '@twnet/core/network/description';
import { networkParameters, type Parameter } from '@twnet/core/network/shapes';
import { adamScheduleInputs, adamUpdate } from './adam.js';
import { differentiate, Tape } from './tape.js';
import { type NormMode, type NormStatistics, parameterInputs, tapeNetwork } from './training-graph.js';

/** Share of the batch in batch norm's running statistics. */
const STATISTICS_MOMENTUM = 0.1;

/** How a parameter is updated. */
export interface ParameterRule {
  /** Factor on the learning rate; 0 leaves the parameter as it is, and its gradient is not computed. */
  readonly rateFactor: number;
  readonly weightDecay: number;
}

export interface UpdateOptions {
  readonly rule: (parameter: Parameter) => ParameterRule;
  /** Largest norm of all gradients together; longer ones are shortened to it. Default: as they are. */
  readonly clipNorm?: number;
  /** Also gives each gradient as `gradient:<name>` (tests and diagnosis). */
  readonly exposeGradients?: boolean;
}

export interface StepOptions extends UpdateOptions {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly norm: NormMode;
}

/** The loss to minimise and further values to give out. */
export interface StepObjective {
  readonly loss: Value;
  readonly reported?: Readonly<Record<string, Value>>;
}

export interface StepGraph {
  readonly graph: Graph;
  /** Parameters that the step updates with Adam (they have moments). */
  readonly learnt: readonly string[];
  /** Parameters that the step replaces: the learnt ones and, in batch mode, the running statistics. */
  readonly replaced: readonly string[];
}

/** A step of one pass through a network, whose inputs become the graph's. */
export function trainingStepGraph(
  description: NetworkDescription,
  options: StepOptions,
  objective: (tape: Tape, outputs: Readonly<Record<string, Value>>) => StepObjective,
): StepGraph {
  return stepGraph(description, options, (tape, parameters) => {
    const network = tapeNetwork(tape, description, { ...options, parameters });
    return { ...objective(tape, network.outputs), statistics: network.statistics };
  });
}

/** A step of whatever `forward` writes with the network's parameters; it may pass through the network many times. */
export function stepGraph(
  description: NetworkDescription,
  options: UpdateOptions,
  forward: (
    tape: Tape,
    parameters: ReadonlyMap<string, Value>,
  ) => StepObjective & { readonly statistics?: NormStatistics },
): StepGraph {
  const graph = new Graph();
  const tape = new Tape(graph);
  const parameters = parameterInputs(graph, description);
  const { loss, reported = {}, statistics = new Map() } = forward(tape, parameters);
  graph.output('loss', loss);
  for (const [name, value] of Object.entries(reported)) graph.output(name, value);

  const rules = new Map(
    networkParameters(description)
      .filter(({ role }) => role !== 'mean' && role !== 'variance')
      .map((parameter) => [parameter.name, options.rule(parameter)] as const)
      .filter(([, { rateFactor }]) => rateFactor > 0),
  );
  const sources = [...rules.keys()].map((name) => parameters.get(name)!);
  const gradients = clipped(graph, differentiate(tape, loss, sources), options.clipNorm);
  const schedule = adamScheduleInputs(graph);
  for (const [name, gradient] of gradients) {
    const value = parameters.get(name)!;
    const first = graph.input(`first:${name}`, value.shape);
    const second = graph.input(`second:${name}`, value.shape);
    const update = adamUpdate(graph, { value, gradient, first, second, ...rules.get(name)! }, schedule);
    graph.output(`new:${name}`, update.value);
    graph.output(`newFirst:${name}`, update.first);
    graph.output(`newSecond:${name}`, update.second);
    if (options.exposeGradients) graph.output(`gradient:${name}`, gradient);
  }
  const learnt = [...gradients.keys()];
  return { graph, learnt, replaced: [...learnt, ...updateStatistics(graph, statistics, parameters)] };
}

/** Scales all gradients by min(1, limit / their common norm). */
function clipped(
  graph: Graph,
  gradients: ReadonlyMap<string, Value>,
  limit: number | undefined,
): ReadonlyMap<string, Value> {
  if (limit === undefined || gradients.size === 0) return gradients;
  const squares = [...gradients.values()].map((g) => graph.reduce('ReduceSumSquare', g));
  const norm = graph.node('Sqrt', [squares.length > 1 ? graph.node('Sum', squares, []) : squares[0]]);
  const factor = graph.node('Div', [graph.scalar(limit), graph.node('Max', [norm, graph.scalar(limit)])]);
  return new Map([...gradients].map(([name, g]) => [name, graph.node('Mul', [g, factor])]));
}

/** Running statistics move towards the batch's. */
function updateStatistics(
  graph: Graph,
  statistics: NormStatistics,
  parameters: ReadonlyMap<string, Value>,
): string[] {
  const replaced: string[] = [];
  for (const [norm, batch] of statistics) {
    for (const role of ['mean', 'variance'] as const) {
      const name = `${norm}.${role}`;
      const running = parameters.get(name)!;
      const kept = graph.node('Mul', [running, graph.scalar(1 - STATISTICS_MOMENTUM)]);
      const added = graph.node('Mul', [batch[role], graph.scalar(STATISTICS_MOMENTUM)]);
      graph.output(`new:${name}`, graph.node('Add', [kept, added]));
      replaced.push(name);
    }
  }
  return replaced;
}
