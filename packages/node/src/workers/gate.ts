/**
 * Keeps a thread from being ended inside native code: Node ends threads with the process wherever they are, and what
 * native code then hands back ends the whole process with an abort.
 *
 * The thread passes the gate before every piece of native work; when the process ends, the gate is shut and whoever is
 * inside is waited for. Shared memory alone does this: no message is read any more by then.
 */

const SHUT = 0;
const INSIDE = 1;
/** Longer than any piece of work; a thread that hangs does not keep the process. Milliseconds. */
const PATIENCE = 60_000;

/** Memory that both sides of a gate look at: `[shut, inside]`. */
export type Gate = Int32Array<SharedArrayBuffer>;

const open = new Set<Gate>();
let watching = false;

/** A gate for a thread that is about to start; the process waits at its end for who is inside. */
export function makeGate(): Gate {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  open.add(gate);
  if (!watching) process.on('exit', shutAll);
  watching = true;
  return gate;
}

/** The thread behind it has ended. */
export function forgetGate(gate: Gate): void {
  open.delete(gate);
}

function shutAll(): void {
  for (const gate of open) Atomics.store(gate, SHUT, 1);
  const until = performance.now() + PATIENCE;
  for (const gate of open) {
    while (Atomics.load(gate, INSIDE) === 1 && performance.now() < until)
      Atomics.wait(gate, INSIDE, 1, until - performance.now());
  }
}

/** The thread's side: does a piece of work; where the gate is shut it never comes back. */
export async function pass<T>(gate: Gate | undefined, work: () => T | Promise<T>): Promise<T> {
  if (!gate) return await work();
  // First inside, then a look: so one of the two sides sees the other.
  Atomics.store(gate, INSIDE, 1);
  try {
    if (Atomics.load(gate, SHUT) === 1) return await new Promise<never>(() => leave(gate));
    return await work();
  } finally {
    leave(gate);
  }
}

function leave(gate: Gate): void {
  Atomics.store(gate, INSIDE, 0);
  Atomics.notify(gate, INSIDE);
}
