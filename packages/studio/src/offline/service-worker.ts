/**
 * Answers for the page's server: with what that sends, and the headers of a cross-origin isolated page; where it cannot be
 * reached, with what it sent before.
 */
interface Scope {
  readonly location: { readonly origin: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extending) => void): void;
  addEventListener(type: 'message', listener: (event: Extending & { readonly data: unknown }) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}
interface Extending {
  waitUntil(what: Promise<unknown>): void;
}
interface Fetching extends Extending {
  readonly request: Request;
  respondWith(what: Promise<Response>): void;
}
const scope = globalThis as unknown as Scope;

const CACHE = 'twnet-studio';
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

/** Addresses that the page loaded before anybody answered for its server. */
scope.addEventListener('message', (event) => {
  const addresses = (event.data as readonly string[]).filter(isOurs);
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...new Set(addresses)])));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !isOurs(request.url) || request.cache === 'only-if-cached') return;
  event.respondWith(answer(event));
});

const isOurs = (address: string): boolean => new URL(address).origin === scope.location.origin;

async function answer(event: Fetching): Promise<Response> {
  const { request } = event;
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (!kept) throw error;
    return isolated(kept);
  }
  // Parts of files are not kept.
  if (response.status === 200) {
    const copy = response.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(request, copy)));
  }
  return isolated(response);
}

function isolated(response: Response): Response {
  if (response.status === 0) return response;
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  const body = status === 204 || status === 304 ? null : response.body;
  return new Response(body, { status, statusText, headers });
}
