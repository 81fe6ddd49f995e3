import { readdirSync } from 'node:fs';
import { MANIFEST_FILE } from '@twnet/node/files/manifest';

/** Names in a folder that twnet filled, in order, without the list of them. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== MANIFEST_FILE)
    .sort();
}
