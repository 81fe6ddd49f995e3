/** A TCP proxy that can be cut, as networks are. */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class CuttableProxy {
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(
    readonly port: number,
    readonly server: Server,
  ) {}

  static async to(target: number): Promise<CuttableProxy> {
    const server = createServer((socket) => {
      if (proxy.#isCut) {
        socket.destroy();
        return;
      }
      const onward = connect(target, '127.0.0.1');
      for (const each of [socket, onward]) {
        proxy.#sockets.add(each);
        each.on('error', () => undefined);
        each.on('close', () => {
          proxy.#sockets.delete(each);
          socket.destroy();
          onward.destroy();
        });
      }
      socket.pipe(onward).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new CuttableProxy((server.address() as { port: number }).port, server);
    return proxy;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
