/** A way to somebody who answers requests in their order: a worker thread, a process, a Web Worker. */
export interface Port<Q> {
  /** @param transfer buffers that are handed over, where that is possible; else copied */
  ask(request: Q, transfer?: ArrayBuffer[]): void;
  /** Whether its being there keeps the program running, where a thread can do that; at first it does not. */
  hold(on: boolean): void;
  /** Ends whoever is there, who must not be at work. */
  end(): Promise<void>;
}

export interface PortEvents<A> {
  readonly onReply: (reply: A) => void;
  /** Whoever was there has ended; nothing is answered any more. */
  readonly onEnd: (error?: Error) => void;
}

/** Starts somebody who answers. */
export type OpenPort<Q, A> = (events: PortEvents<A>) => Port<Q>;

/** The far side: gives the reply and the buffers that are handed over with it. Asked again once it has answered. */
export type Answer<Q, A> = (request: Q) => Promise<[reply: A, transfer?: ArrayBuffer[]]>;

/** Answers in this very thread. */
export function portWithin<Q, A>(answer: Answer<Q, A>): OpenPort<Q, A> {
  return ({ onReply, onEnd }) => {
    let last: Promise<void> = Promise.resolve();
    return {
      ask: (request) => {
        last = last.then(async () => onReply((await answer(request))[0])).catch(onEnd);
      },
      hold: () => undefined,
      end: () => last,
    };
  };
}
