// Its own types name those of browsers, which this program has none of; what is used here is ONNX Runtime's common part.
declare module 'onnxruntime-web/wasm' {
  export * from 'onnxruntime-common';
}
