/// <reference types="node" preserve="true" />
/**
 * ONNX graphs under construction, their gradients, and sessions that run them.
 *
 * @module twnet/graph
 */

export {
  type Constant,
  type ElementType,
  Graph,
  type GraphNode,
  type Operator,
  type Shape,
  sizeOf,
  type Value,
} from '@twnet/core/graph/graph';
export { OPSET_VERSION, toOnnx } from '@twnet/core/graph/onnx-format';
export type { TensorData } from '@twnet/core/runtime/engine';
export { type OperatorTime, readProfile } from '@twnet/node/engine/profile';
export { executionProviders, GraphSession, type SessionOptions } from '@twnet/node/engine/session';
export { ADAM_DEFAULTS, adamScheduleFeeds, adamScheduleInputs, adamUpdate } from '@twnet/train/graph/adam';
export {
  type Differentiable,
  differentiate,
  type GradientContext,
  Tape,
} from '@twnet/train/graph/tape';
