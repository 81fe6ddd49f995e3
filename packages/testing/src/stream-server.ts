/** A camera for tests: sends a looped clip to whoever connects, at its pace, and has faults when it is told to. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Chunk, chunksOf, type LoopedClip } from './looped-stream.js';

export interface ServedStream {
  /** Frames are sent so many times as fast as they are shown; 0: as fast as they are taken. Default 1. */
  readonly speed?: number;
  readonly format?: string;
  readonly rounds?: number;
  /** Seconds on the clock with which connections begin; counts connections. */
  readonly from?: (connection: number) => number;
  readonly clip?: (connection: number) => LoopedClip;
  /** What is sent of a chunk; null: the connection is broken off; undefined: nothing more comes, and it stays open. */
  readonly change?: (chunk: Chunk, connection: number) => Buffer | null | undefined;
  readonly onSent?: (chunk: Chunk, connection: number) => void;
}

export class StreamServer implements AsyncDisposable {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;
  connections = 0;

  constructor(
    private readonly clip: LoopedClip,
    private readonly stream: ServedStream = {},
  ) {}

  /** `tcp://127.0.0.1:…`, the same after a restart. */
  get address(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const server = createServer((socket) => {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
      this.serve(socket, this.connections++).catch(() => socket.destroy());
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  /** As if its process were killed. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  private async serve(socket: Socket, connection: number): Promise<void> {
    const { speed = 1, format, rounds, from, clip, change, onSent } = this.stream;
    const begun = performance.now();
    const options = { format, rounds, from: from?.(connection) ?? 0 };
    for await (const chunk of chunksOf(clip?.(connection) ?? this.clip, options)) {
      const left = speed === 0 ? 0 : begun + (1000 * chunk.at) / speed - performance.now();
      if (left > 0) await sleep(left);
      if (socket.destroyed) return;
      const bytes = change ? change(chunk, connection) : chunk.bytes;
      if (bytes === undefined) return;
      if (bytes === null) return void socket.destroy();
      onSent?.(chunk, connection);
      if (!socket.write(bytes))
        await Promise.race([once(socket, 'drain').catch(() => undefined), once(socket, 'close')]);
    }
    socket.end();
  }
}
