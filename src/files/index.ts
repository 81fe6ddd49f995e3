/** Output that appears whole or not at all. */
export {
  commitTemporary,
  discardAllTemporaries,
  discardTemporary,
  removeTemporariesOnExit,
  temporaryFolderFor,
  temporaryPathFor,
  writeFileAtomic,
} from './atomic.js';
export { AtomicFolder } from './atomic-folder.js';
export { outputErrorFor } from './output-error.js';
