/**
 * Somebody who works beside this thread: a worker thread, or a process where this is itself a worker thread. A thread
 * that was started from another one would end with it wherever it is, inside native code too, which aborts the process;
 * nor can a worker thread set the process's environment, where ONNX Runtime looks whether it may report.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { isMainThread } from 'node:worker_threads';
import { forgetGate, makeGate } from './gate.js';
import { sourceLoader, spawnWorker } from './spawn.js';

export interface PartnerEvents<A> {
  readonly onReply: (reply: A) => void;
  /** It has ended; nothing is answered any more. */
  readonly onEnd: (error?: Error) => void;
}

export interface Partner<Q> {
  /** @param transfer buffers that are handed over, where that is possible; else copied */
  ask(request: Q, transfer?: ArrayBuffer[]): void;
  /** Whether its being there keeps the process running; at first it does not. */
  hold(on: boolean): void;
  /** Ends it, which must not be at work. */
  end(): Promise<void>;
}

/** Starts the module `name` beside that of `parentUrl`, which calls {@link serve}. */
export function startPartner<Q, A>(name: string, parentUrl: string, events: PartnerEvents<A>): Partner<Q> {
  return isMainThread ? startThread(name, parentUrl, events) : startProcess(name, parentUrl, events);
}

function startThread<Q, A>(name: string, parentUrl: string, events: PartnerEvents<A>): Partner<Q> {
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

function startProcess<Q, A>(name: string, parentUrl: string, events: PartnerEvents<A>): Partner<Q> {
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
