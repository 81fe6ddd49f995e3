/** The service worker: without a network the page comes from it, and threads where the server does not allow for them. */

/** Longest that anything waits for it, ms. */
const PATIENCE = 2000;
const TRIED = 'isolated';

/** Done when the page's files pass through it, or it is not to be had; loads the page again where that gives it threads. */
export async function answeredByWorker(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!isSecureContext || !serviceWorker) return;
  try {
    await serviceWorker.register(new URL('./service-worker.js', import.meta.url));
    await Promise.race([
      isControlled(serviceWorker),
      new Promise((resolve) => setTimeout(resolve, PATIENCE)),
    ]);
  } catch {
    return;
  }
  if (!crossOriginIsolated && serviceWorker.controller && sessionStorage.getItem(TRIED) === null) {
    sessionStorage.setItem(TRIED, 'tried');
    location.reload();
    // Nothing is to begin that the reload ends.
    await new Promise(() => undefined);
  }
}

async function isControlled(serviceWorker: ServiceWorkerContainer): Promise<void> {
  if (serviceWorker.controller) return;
  await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
  const { active } = await serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  active?.postMessage([location.href, ...loaded]);
}
