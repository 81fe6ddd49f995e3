/// <reference types="node" preserve="true" />
export { ADAM_DEFAULTS, adamScheduleFeeds, adamScheduleInputs, adamUpdate } from './adam.js';
export {
  type Constant,
  type ElementType,
  Graph,
  type GraphNode,
  type Shape,
  sizeOf,
  type Value,
} from './graph.js';
export { OPSET_VERSION, toOnnx } from './onnx-format.js';
export { type OperatorTime, readProfile, sumProfile } from './profile.js';
export { executionProviders, GraphSession, type SessionOptions, type TensorData } from './session.js';
export { differentiate, type GradientContext, type Operator, Tape } from './tape.js';
