/** As much of an RTSP server as cameras are: one stream of H.264, over TCP or UDP, behind a password. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { LoopedClip } from './looped-stream.js';
import { publish } from './published-stream.js';

const USER = 'viewer';
const PASSWORD = 'p4ss';

export class RtspCamera implements AsyncDisposable {
  private readonly sockets = new Set<Socket>();
  private readonly ended = new AbortController();
  private readonly playing = new Set<Promise<unknown>>();
  /** What clients asked their packets to come by. */
  readonly transports: string[] = [];

  private constructor(
    private readonly clip: LoopedClip,
    private readonly speed: number,
    private readonly server: Server,
  ) {
    server.on('connection', (socket) => this.serve(socket));
  }

  static async start(clip: LoopedClip, speed = 1): Promise<RtspCamera> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RtspCamera(clip, speed, server);
  }

  get address(): string {
    return `rtsp://${USER}:${PASSWORD}@127.0.0.1:${(this.server.address() as AddressInfo).port}/stream`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ended.abort();
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    await Promise.allSettled(this.playing);
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    const left = new AbortController();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      left.abort();
    });
    let text = '';
    let transport = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      for (;;) {
        // Reports of the receiver come in between.
        if (text.startsWith('$') && text.length >= 4) {
          const length = 4 + text.charCodeAt(2) * 256 + text.charCodeAt(3);
          if (text.length < length) return;
          text = text.slice(length);
          continue;
        }
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        const request = text.slice(0, end);
        text = text.slice(end + 4);
        transport = /^Transport: (.*)$/im.exec(request)?.[1] ?? transport;
        this.answer(socket, request, transport, left.signal);
      }
    });
  }

  private answer(socket: Socket, request: string, transport: string, left: AbortSignal): void {
    const [method] = request.split(' ');
    const sequence = /^CSeq: (\d+)/im.exec(request)?.[1];
    const reply = (status: string, headers: readonly string[] = [], body = '') =>
      socket.write(
        [`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, 'Session: 1', ...headers].join('\r\n') +
          (body === '' ? '' : `\r\nContent-Length: ${body.length}`) +
          `\r\n\r\n${body}`,
      );
    const given = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
    if (method === 'OPTIONS') reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN']);
    else if (!request.includes(`Authorization: Basic ${given}`))
      reply('401 Unauthorized', ['WWW-Authenticate: Basic realm="camera"']);
    else if (method === 'DESCRIBE') reply('200 OK', ['Content-Type: application/sdp'], this.description());
    else if (method === 'SETUP') reply('200 OK', [`Transport: ${transport};server_port=9-10`]);
    else {
      reply('200 OK');
      if (method !== 'PLAY') return;
      this.transports.push(transport);
      const played = this.play(socket, transport, left).catch(() => socket.destroy());
      this.playing.add(played);
    }
  }

  /** FFmpeg makes the packets, and sends them here; from here they go where the client wants them. */
  private async play(socket: Socket, transport: string, left: AbortSignal): Promise<void> {
    const [packets, reports] = [createSocket('udp4'), createSocket('udp4')];
    const port = await bindPair(packets, reports);
    const client = Number(/client_port=(\d+)/.exec(transport)?.[1] ?? 0);
    packets.on('message', (packet) => {
      if (client > 0) return packets.send(packet, client, '127.0.0.1');
      const head = Buffer.of(0x24, 0, packet.length >> 8, packet.length & 255);
      socket.write(Buffer.concat([head, packet]));
    });
    try {
      const signal = AbortSignal.any([left, this.ended.signal]);
      await publish(this.clip, {
        ...{ url: `rtp://127.0.0.1:${port}?pkt_size=1400`, format: 'rtp', speed: this.speed, signal },
      });
    } finally {
      packets.close();
      reports.close();
    }
  }

  private description(): string {
    const extra = this.clip.container.streams[this.clip.stream].codecpar.extradata!;
    // An AVC decoder configuration record: one sequence and one picture parameter set.
    const sps = extra.subarray(8, 8 + extra.readUInt16BE(6));
    const at = 8 + sps.length + 1;
    const pps = extra.subarray(at + 2, at + 2 + extra.readUInt16BE(at));
    const sets = [sps, pps].map((set) => set.toString('base64')).join(',');
    return [
      ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=camera', 'c=IN IP4 0.0.0.0', 't=0 0'],
      ...['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000'],
      `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sets}`,
      'a=control:video',
      '',
    ].join('\r\n');
  }
}

/** Two ports next to each other, the first of an even number. */
async function bindPair(packets: UdpSocket, reports: UdpSocket): Promise<number> {
  for (let port = 20_000 + 2 * Math.floor(Math.random() * 10_000); ; port += 2) {
    try {
      packets.bind(port, '127.0.0.1');
      await once(packets, 'listening');
      reports.bind(port + 1, '127.0.0.1');
      await once(reports, 'listening');
      return port;
    } catch {
      // Somebody else has one of them.
    }
  }
}
