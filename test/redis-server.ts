/** A Redis of a test's own: Debian's redis-server, with its append-only file in a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Of 127.0.0.1, signed by itself, for tests alone. */
export const CERTIFICATE = fileURLToPath(new URL('fixtures/tls/certificate.pem', import.meta.url));
export const KEY = fileURLToPath(new URL('fixtures/tls/key.pem', import.meta.url));

export class RedisServer implements AsyncDisposable {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly sync: string,
    /** Where it speaks TLS, too. */
    readonly tlsPort?: number,
  ) {}

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** @throws Error where there is no redis-server on this machine */
  static async start(sync: 'always' | 'everysec' = 'always', withTls = false): Promise<RedisServer> {
    if (!hasRedis()) throw new Error('there is no redis-server: apt-get install redis-server');
    const tlsPort = withTls ? await freePort() : undefined;
    const folder = mkdtempSync(join(tmpdir(), 'twnet-redis-'));
    const server = new RedisServer(await freePort(), folder, sync, tlsPort);
    await server.up();
    return server;
  }

  async up(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''];
    const durable = ['--appendonly', 'yes', '--appendfsync', this.sync, '--maxmemory-policy', 'noeviction'];
    const tls =
      this.tlsPort === undefined
        ? []
        : [
            ...['--tls-port', String(this.tlsPort), '--tls-auth-clients', 'no'],
            ...['--tls-cert-file', CERTIFICATE, '--tls-key-file', KEY, '--tls-ca-cert-file', CERTIFICATE],
          ];
    this.#process = spawn('redis-server', [...args, ...durable, ...tls], { stdio: 'ignore' });
    for (let tries = 0; tries < 200; tries++) {
      if (
        spawnSync('redis-cli', ['-p', String(this.port), 'ping'])
          .stdout?.toString()
          .startsWith('PONG')
      )
        return;
      await wait(25);
    }
    throw new Error('redis-server does not answer');
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether this machine has it. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;
/** On a machine without Redis all else is tested; `.ci/run` installs it and takes no excuse. */
export const isExcused = (): boolean => !hasRedis() && process.env.TWNET_NEEDS_REDIS === undefined;

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
