/** Step 1: trains the key-frame CNN on labelled stills (Sec. 5.1.2). */

import { perFrameNetwork } from '@twnet/core/network/architectures';
import type { NetworkDescription } from '@twnet/core/network/description';
import type { Parameter } from '@twnet/core/network/shapes';
import { GraphSession } from '@twnet/node/engine/session';
import type { KeyConfig } from '../config/config.js';
import { classificationLoss } from '../graph/objectives.js';
import { type ParameterRule, type StepGraph, trainingStepGraph } from '../graph/step-graph.js';
import type { NormMode } from '../graph/training-graph.js';

/** Pretrained parameters learn at a fraction of the rate; weights alone decay (λ0). */
export function parameterRule({
  encoderRateFactor,
  weightDecay,
}: Pick<KeyConfig, 'encoderRateFactor' | 'weightDecay'>): (parameter: Parameter) => ParameterRule {
  return ({ module, role }) => ({
    rateFactor: module === 'encoder' ? encoderRateFactor : 1,
    weightDecay: role === 'weight' ? weightDecay : 0,
  });
}

/** The network of step 1 and its parameters' names. */
export function keyDescription(
  { architecture, backbone }: Pick<KeyConfig, 'architecture' | 'backbone'>,
  classes: number,
): NetworkDescription {
  const full = perFrameNetwork(architecture, backbone, classes);
  return { ...full, outputs: { scores: full.outputs.scores } };
}

/** Rows and columns of the labels that the loss looks at. */
export function labelSize({ size, labelStride }: Pick<KeyConfig, 'size' | 'labelStride'>): [number, number] {
  return [Math.ceil(size.height / labelStride), Math.ceil(size.width / labelStride)];
}

/** One step of step 1 as a graph. */
export function keyStepGraph(config: KeyConfig, classes: number, norm: NormMode): StepGraph {
  const { batch, size } = config;
  const options = { batch, ...size, norm, rule: parameterRule(config) };
  return trainingStepGraph(keyDescription(config, classes), options, (tape, outputs) => ({
    loss: classificationLoss(tape, outputs.scores, ...labelSize(config), config.jaccardWeight),
  }));
}

/** Opens the step's session when it is first needed or its norm's form changes; one is open at a time. */
export class KeyStepSessions implements AsyncDisposable {
  private open: { norm: NormMode; step: StepGraph; session: GraphSession } | undefined;

  constructor(
    private readonly config: KeyConfig,
    private readonly classes: number,
    private readonly threads?: number,
  ) {}

  async at(stepNumber: number): Promise<{ step: StepGraph; session: GraphSession }> {
    const norm: NormMode = stepNumber < this.config.freezeNormAfter * this.config.steps ? 'batch' : 'frozen';
    if (this.open?.norm === norm) return this.open;
    await this.close();
    const step = keyStepGraph(this.config, this.classes, norm);
    const session = await GraphSession.open(step.graph, { threads: this.threads });
    this.open = { norm, step, session };
    return this.open;
  }

  async close(): Promise<void> {
    await this.open?.session.close();
    this.open = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
