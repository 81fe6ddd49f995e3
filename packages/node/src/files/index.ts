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
export { type ClaimOptions, claimOutputs, type OutputClaim } from './claim-outputs.js';
export { FilledFolder } from './filled-folder.js';
export { GrowingFile } from './growing-file.js';
export { checkFolder, type FolderRules, MANIFEST_FILE } from './manifest.js';
export { outputErrorFor } from './output-error.js';
export { ownVersion } from './own-version.js';
