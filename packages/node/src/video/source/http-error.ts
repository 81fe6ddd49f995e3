/** What went wrong on the way to an address, in words. */
import { STATUS_CODES } from 'node:http';

/** An answer that is none of success. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string | undefined,
  ) {
    super(message || STATUS_CODES[status] || 'unknown status');
  }
}

const STATUS: Readonly<Record<number, string>> = {
  401: 'asks for a login: put name and password into the address',
  403: 'does not allow it',
  404: 'has no such file',
  407: 'is a proxy that asks for a login',
  410: 'no longer has this file',
  429: 'has had too many requests: try again later',
};

const CODES: Readonly<Record<string, (host: string) => string>> = {
  ENOTFOUND: (host) => `no host is called ${host}`,
  EAI_AGAIN: (host) => `the name ${host} cannot be looked up now (no network?)`,
  ECONNREFUSED: (host) => `the connection is refused: nothing answers at ${host}`,
  ECONNRESET: () => 'the server broke off the connection',
  EPIPE: () => 'the server broke off the connection',
  EHOSTUNREACH: (host) => `${host} cannot be reached`,
  ENETUNREACH: (host) => `${host} cannot be reached (no network?)`,
  EPROTO: () => 'no secure connection (TLS) comes about: is it an http: address?',
};

/** Words to follow the source's name. */
export function explainNetwork(error: Error, url: URL, timeout: number): string {
  if (error instanceof HttpError) {
    const { status } = error;
    const what = STATUS[status] ?? (status >= 500 ? 'failed' : 'refuses it');
    return `the server ${what} (HTTP ${status} ${error.message})`;
  }
  const { code = '' } = firstOf(error) as NodeJS.ErrnoException;
  const host = code === 'ECONNREFUSED' ? url.host : url.hostname;
  if (code === 'ETIMEDOUT') return `${url.host} has not answered for ${timeout / 1000} s`;
  if (CODES[code]) return CODES[code](host);
  if (code.startsWith('HPE_')) return `what answers at ${url.host} is no web server`;
  if (/CERT|SIGNED|ISSUER|ALTNAME/.test(code))
    return `the server's certificate is not to be trusted (${code}: ${error.message})`;
  if (/SSL|TLS/.test(code)) return `no secure connection (TLS) comes about (${code})`;
  return code === '' ? error.message : `cannot be read from ${url.host} (${code})`;
}

/** Connecting tries every address of a host; the first failure speaks for all. */
function firstOf(error: Error): Error {
  return error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
}
