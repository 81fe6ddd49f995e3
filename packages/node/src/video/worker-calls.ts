/**
 * FFmpeg in a worker thread. A call that is under way on another thread when a worker is ended aborts the process:
 * node-av answers it into a thread that is no more. So in worker threads its calls are made where they are asked for;
 * nothing but this thread waits for them. Not so those that read through callbacks, which this thread has to answer.
 */
import { isMainThread } from 'node:worker_threads';
import { CodecContext, FilterContext, FormatContext, IOContext, SoftwareScaleContext } from 'node-av/lib';

type Method = (this: object, ...values: unknown[]) => unknown;
type Methods = Record<string, Method>;

/** What reads through callbacks. */
const answered = new WeakSet<object>();

function callHere(type: { readonly prototype: object }): void {
  const methods = type.prototype as Methods;
  for (const name of Object.getOwnPropertyNames(methods)) {
    const [here, elsewhere] = [`${name}Sync`, Object.getOwnPropertyDescriptor(methods, name)?.value];
    if (typeof elsewhere !== 'function' || !Object.hasOwn(methods, here)) continue;
    methods[name] = async function (...values) {
      return answered.has(this) ? elsewhere.apply(this, values) : methods[here].apply(this, values);
    };
  }
}

/** Notes contexts whose bytes come from callbacks. */
function noteCallbacks(): void {
  const io = IOContext.prototype as unknown as Methods;
  const { allocContextWithCallbacks } = io;
  io.allocContextWithCallbacks = function (...values) {
    answered.add(this);
    return allocContextWithCallbacks.apply(this, values);
  };
  const pb = Object.getOwnPropertyDescriptor(FormatContext.prototype, 'pb');
  if (!pb?.set) return;
  const { set } = pb;
  Object.defineProperty(FormatContext.prototype, 'pb', {
    ...pb,
    set(this: FormatContext, value: IOContext | null) {
      if (value && answered.has(value)) answered.add(this);
      set.call(this, value);
    },
  });
}

if (!isMainThread) {
  noteCallbacks();
  for (const type of [CodecContext, FilterContext, FormatContext, IOContext, SoftwareScaleContext])
    callHere(type);
}
