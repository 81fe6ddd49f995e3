/**
 * One training step as one graph: forward, loss, backward, and the update of every parameter.
 *
 * Inputs: the network's own, the loss's own, each parameter under its name, `first:<name>` and
 * `second:<name>` (Adam's moments), and Adam's schedule. Outputs: `loss`, further named scalars or features,
 * and `new:<name>`, `newFirst:<name>`, `newSecond:<name>`.
 */
import { adamScheduleInputs, adamUpdate } from '../graph/adam.js';
import { Graph, type Value } from '../graph/graph.js';
import { differentiate, Tape } from '../graph/tape.js';
import type { NetworkDescription } from '../network/description.js';
import { networkParameters, type Parameter } from '../network/shapes.js';
import { type NormMode, tapeNetwork } from '../network/training-graph.js';

/** Share of the batch in batch norm's running statistics. */
const STATISTICS_MOMENTUM = 0.1;

/** How a parameter is updated. */
export interface ParameterRule {
  /** Factor on the learning rate; 0 leaves the parameter as it is, and its gradient is not computed. */
  readonly rateFactor: number;
  readonly weightDecay: number;
}

export interface StepOptions {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly norm: NormMode;
  readonly rule: (parameter: Parameter) => ParameterRule;
  /** Also gives each gradient as `gradient:<name>` (tests and diagnosis). */
  readonly exposeGradients?: boolean;
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

export function trainingStepGraph(
  description: NetworkDescription,
  options: StepOptions,
  objective: (tape: Tape, outputs: Readonly<Record<string, Value>>) => StepObjective,
): StepGraph {
  const graph = new Graph();
  const tape = new Tape(graph);
  const network = tapeNetwork(tape, description, options);
  const { loss, reported = {} } = objective(tape, network.outputs);
  graph.output('loss', loss);
  for (const [name, value] of Object.entries(reported)) graph.output(name, value);

  const rules = new Map(
    networkParameters(description)
      .filter(({ role }) => role !== 'mean' && role !== 'variance')
      .map((parameter) => [parameter.name, options.rule(parameter)] as const)
      .filter(([, { rateFactor }]) => rateFactor > 0),
  );
  const sources = [...rules.keys()].map((name) => network.parameters.get(name)!);
  const gradients = differentiate(tape, loss, sources);
  const schedule = adamScheduleInputs(graph);
  for (const [name, gradient] of gradients) {
    const value = network.parameters.get(name)!;
    const first = graph.input(`first:${name}`, value.shape);
    const second = graph.input(`second:${name}`, value.shape);
    const update = adamUpdate(graph, { value, gradient, first, second, ...rules.get(name)! }, schedule);
    graph.output(`new:${name}`, update.value);
    graph.output(`newFirst:${name}`, update.first);
    graph.output(`newSecond:${name}`, update.second);
    if (options.exposeGradients) graph.output(`gradient:${name}`, gradient);
  }
  const statistics = updateStatistics(graph, network.statistics, network.parameters);
  const learnt = [...gradients.keys()];
  return { graph, learnt, replaced: [...learnt, ...statistics] };
}

/** Running statistics move towards the batch's. */
function updateStatistics(
  graph: Graph,
  statistics: ReadonlyMap<string, { mean: Value; variance: Value }>,
  parameters: ReadonlyMap<string, Value>,
): string[] {
  const replaced: string[] = [];
  for (const [norm, batch] of statistics) {
    for (const role of ['mean', 'variance'] as const) {
      const name = `${norm}.${role}`;
      const running = parameters.get(name)!;
      const kept = graph.node('Mul', [running, graph.scalar(1 - STATISTICS_MOMENTUM)], running.shape);
      const added = graph.node('Mul', [batch[role], graph.scalar(STATISTICS_MOMENTUM)], running.shape);
      graph.output(`new:${name}`, graph.node('Add', [kept, added], running.shape));
      replaced.push(name);
    }
  }
  return replaced;
}
