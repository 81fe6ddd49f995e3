/**
 * Somebody who works beside this thread: a worker thread, or a process where this is itself a worker thread. A thread
 * that was started from another one would end with it wherever it is, inside native code too, which aborts the process;
 * nor can a worker thread set the process's environment, where ONNX Runtime looks whether it may report.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { isMainThread } from 'node:worker_threads';
import type { OpenPort, Port, PortEvents } from '@twnet/core/runtime/port';
import { forgetGate, makeGate } from './gate.js';
import { sourceLoader, spawnWorker } from './spawn.js';

/** Starts the module `name` beside that of `parentUrl`, which calls {@link serve}. */
export function openPartner<Q, A>(name: string, parentUrl: string): OpenPort<Q, A> {
  const start = isMainThread ? startThread<Q, A> : startProcess<Q, A>;
  return (events) => start(name, parentUrl, events);
}

/** Somebody who has been started before it is known for what. */
export interface ReadyPartner<Q, A> {
  /** For the one who takes it. */
  readonly open: OpenPort<Q, A>;
  /** Where nobody has taken it. */
  end(): Promise<void>;
}

/** {@link openPartner}, started now: what it has to load is there when it is wanted. */
export function readyPartner<Q, A>(name: string, parentUrl: string): ReadyPartner<Q, A> {
  let taken: PortEvents<A> | undefined;
  let ended: { readonly error?: Error } | undefined;
  const port = openPartner<Q, A>(
    name,
    parentUrl,
  )({
    onReply: (reply) => taken?.onReply(reply),
    onEnd: (error) => {
      ended = { error };
      taken?.onEnd(error);
    },
  });
  return {
    open: (events) => {
      taken = events;
      if (ended) queueMicrotask(() => events.onEnd(ended!.error));
      return port;
    },
    end: async () => {
      if (!taken) await port.end();
    },
  };
}

function startThread<Q, A>(name: string, parentUrl: string, events: PortEvents<A>): Port<Q> {
  const gate = makeGate();
  const worker = spawnWorker(name, parentUrl, { workerData: { gate } });
  worker.unref();
  worker.on('message', events.onReply);
  worker.on('error', (error) => events.onEnd(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => {
    forgetGate(gate);
    events.onEnd();
  });
  return {
    ask: (request, transfer) => worker.postMessage(request, transfer),
    hold: (on) => (on ? worker.ref() : worker.unref()),
    end: async () => void (await worker.terminate()),
  };
}

function startProcess<Q, A>(name: string, parentUrl: string, events: PortEvents<A>): Port<Q> {
  const { url, execArgv } = sourceLoader(name, parentUrl);
  const child = fork(url, {
    serialization: 'advanced',
    execArgv,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const hold = (on: boolean): void => {
    if (on) child.ref();
    else child.unref();
    if (on) child.channel?.ref();
    else child.channel?.unref();
  };
  hold(false);
  child.on('message', (reply) => events.onReply(reply as A));
  child.on('error', events.onEnd);
  child.on('exit', () => events.onEnd());
  return {
    ask: (request) => void child.send(request as object, () => undefined),
    hold,
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      hold(true);
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
