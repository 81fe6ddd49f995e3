// Where the file server cannot send the two headers by which WebAssembly gets threads, a service worker adds them.
if (
  !crossOriginIsolated &&
  isSecureContext &&
  navigator.serviceWorker &&
  !navigator.serviceWorker.controller
) {
  navigator.serviceWorker
    .register('isolating-worker.js')
    .then(() => navigator.serviceWorker.ready)
    .then(() => {
      if (sessionStorage.getItem('isolated') === null) {
        sessionStorage.setItem('isolated', 'tried');
        location.reload();
      }
    })
    .catch(() => undefined);
}
