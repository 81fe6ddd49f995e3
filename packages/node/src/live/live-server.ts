/** Cameras for a browser: a page, frames by WebSocket and as MJPEG, figures for Prometheus. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClassTable } from '@twnet/core/classes';
import { InputError, messageOf, OutputError } from '@twnet/core/errors';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Broadcast } from './broadcast.js';
import type { Camera } from './camera.js';
import { livePage } from './live-page.js';
import { metricsText } from './metrics-text.js';

/** Bytes that may wait for one who looks. */
const MOST_WAITING = 2 ** 20;
/** Those who look at a time, at most. */
const MOST_VIEWERS = 64;
const BOUNDARY = 'twnet-frame';

export interface ServedAddress {
  readonly host: string;
  readonly port: number;
}

export interface ServedCameras {
  readonly cameras: readonly Camera[];
  readonly broadcasts: ReadonlyMap<string, Broadcast>;
  readonly classes: readonly string[];
  readonly palette: ClassTable['palette'];
}

/** `:8080`, `8080`, `0.0.0.0:8080`, `[::]:8080`. @throws InputError */
export function servedAddress(text: string): ServedAddress {
  const [, ipv6, name, digits] = /^(?:(?:\[([0-9a-f:]+)\]|([\w.-]*)):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new InputError(
      `--serve ${text}: give a port, such as :8080, or an address and a port, 0.0.0.0:8080`,
    );
  return { host: ipv6 ?? (name || '127.0.0.1'), port };
}

const isLoopback = (host: string): boolean => /^(?:127(?:\.\d+){3}|localhost|::1|\[::1\])$/i.test(host);

export class LiveServer implements AsyncDisposable {
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  private viewers = 0;

  private constructor(
    private readonly served: ServedCameras,
    private readonly server: Server,
    /** Whoever does not have it gets nothing; undefined: none is needed, behind the loopback address. */
    private readonly token: string | undefined,
  ) {
    server.on('request', (request, response) => this.answer(request, response));
    server.on('upgrade', (request, socket, head) => {
      const camera = /^\/ws\/([\w.-]+)$/.exec(pathOf(request))?.[1];
      const broadcast = camera === undefined ? undefined : served.broadcasts.get(camera);
      if (
        this.refusal(request) !== undefined ||
        !broadcast ||
        !isOwnOrigin(request) ||
        this.viewers >= MOST_VIEWERS
      ) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (client) => this.show(client, broadcast));
    });
  }

  /**
   * Listens. Beyond the loopback address a token is asked for: the one given, or one made up.
   *
   * @throws OutputError where it cannot
   */
  static async open(
    served: ServedCameras,
    { host, port }: ServedAddress,
    token?: string,
  ): Promise<LiveServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) =>
        reject(new OutputError(`--serve ${host}:${port}: cannot listen there (${messageOf(error)})`)),
      );
      server.listen(port, host, resolve);
    });
    const needed = token ?? (isLoopback(host) ? undefined : randomBytes(16).toString('hex'));
    return new LiveServer(served, server, needed);
  }

  /** To be opened in a browser. */
  get address(): string {
    const { address, port, family } = this.server.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return `http://${host}:${port}/${this.token === undefined ? '' : `?token=${this.token}`}`;
  }

  async close(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.refusal(request);
    if (refusal !== undefined) {
      response
        .writeHead(refusal === 'no token' ? 401 : 403, { 'content-type': 'text/plain' })
        .end(`${refusal}\n`);
      return;
    }
    const { cameras, classes, palette, broadcasts } = this.served;
    const path = pathOf(request);
    const headers = {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'self'; img-src 'self' blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self' ws: wss:; frame-ancestors 'none'",
      ...(this.token === undefined
        ? {}
        : { 'set-cookie': `twnet=${this.token}; HttpOnly; SameSite=Strict; Path=/` }),
    };
    const mjpeg = /^\/mjpeg\/([\w.-]+)$/.exec(path)?.[1];
    const send = (type: string, body: string) =>
      response.writeHead(200, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body);
    if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end();
    else if (path === '/') send('text/html', livePage());
    else if (path === '/metrics') send('text/plain; version=0.0.4', metricsText(cameras));
    else if (path === '/cameras.json') {
      const all = cameras.map(({ name, state, info, stats }) => ({
        ...{ name, state, stats },
        width: info?.fullWidth ?? null,
        height: info?.fullHeight ?? null,
      }));
      send('application/json', JSON.stringify({ cameras: all, classes, palette }));
    } else if (mjpeg !== undefined && broadcasts.has(mjpeg) && this.viewers < MOST_VIEWERS)
      this.stream(response, broadcasts.get(mjpeg)!, headers);
    else response.writeHead(404, headers).end();
  }

  /** Why somebody gets nothing. */
  private refusal(request: IncomingMessage): 'no token' | 'unknown host' | undefined {
    const { token } = this;
    // A page of somebody else's that has its name lead here would read what is meant for this machine.
    if (token === undefined) {
      const host = (request.headers.host ?? '').replace(/:\d+$/, '');
      return isLoopback(host) ? undefined : 'unknown host';
    }
    const given = [
      new URL(request.url ?? '/', 'http://x').searchParams.get('token'),
      /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
      /(?:^|;\s*)twnet=([^;]+)/.exec(request.headers.cookie ?? '')?.[1],
    ];
    return given.some((each) => each != null && isSame(each, token)) ? undefined : 'no token';
  }

  private show(client: WebSocket, broadcast: Broadcast): void {
    this.viewers++;
    const leave = broadcast.add({
      wants: 'parts',
      isReady: () => client.readyState === client.OPEN && client.bufferedAmount < MOST_WAITING,
      send: (message) => client.send(message, () => undefined),
    });
    client.on('error', () => client.terminate());
    client.on('close', () => {
      this.viewers--;
      leave();
    });
  }

  private stream(response: ServerResponse, broadcast: Broadcast, headers: Record<string, string>): void {
    this.viewers++;
    response.writeHead(200, {
      ...headers,
      'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
    });
    const leave = broadcast.add({
      wants: 'overlay',
      isReady: () => response.writableLength < MOST_WAITING,
      send: (jpeg) => {
        response.write(`--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
        response.write(jpeg);
        response.write('\r\n');
      },
    });
    response.on('error', () => response.destroy());
    response.on('close', () => {
      this.viewers--;
      leave();
    });
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): string => new URL(url, 'http://x').pathname;

/** Browsers say which page opens a socket; other programs say nothing. */
function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || new URL(origin).host === host;
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
