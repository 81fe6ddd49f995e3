/** Pages that show what was measured. */
export { type PageData, type PageFrame, type PageRun, renderPage } from './page.js';
export { gridUri, labelsUri, pictureUri } from './pictures.js';
