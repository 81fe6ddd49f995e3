/** A server of one folder's files, on this machine alone. */
import { createReadStream, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

export interface ServeOptions {
  /** Pages are cross-origin isolated, so that WebAssembly has threads. */
  readonly isolated: boolean;
  /** 0: any that is free. */
  readonly port?: number;
  /** Told of every file that is sent, by its path in the folder. */
  readonly onSent?: (file: string) => void;
}

export interface ServedFolder extends AsyncDisposable {
  readonly address: string;
}

export async function serveFolder(
  folder: string,
  { isolated, port = 0, onSent }: ServeOptions,
): Promise<ServedFolder> {
  const headers = isolated
    ? {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      }
    : {};
  const server = createServer(({ url = '/', headers: request }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
    const file = join(folder, path.endsWith(sep) ? `${path}index.html` : path);
    const found = file.startsWith(folder) ? statSync(file, { throwIfNoEntry: false }) : undefined;
    const isFile = found?.isFile() === true;
    const etag = `"${found?.size}-${found?.mtimeMs}"`;
    const isKnown = isFile && request['if-none-match'] === etag;
    response.writeHead(isKnown ? 304 : isFile ? 200 : 404, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
      etag,
      ...headers,
    });
    if (isFile) onSent?.(relative(folder, file));
    if (isFile && !isKnown) createReadStream(file).pipe(response);
    else response.end();
  });
  await listening(server, port);
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
