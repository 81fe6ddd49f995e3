/** The command line as it is installed: what is measured of processes is what users run. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(
  new URL('../../../packages/twnet/dist/twnet/src/cli/start.cjs', import.meta.url),
);

/** Not where TWNET_BUILT says that it was built just now: several measurements at a time use one build. */
export function buildFirst(): void {
  if (process.env.TWNET_BUILT !== undefined) return;
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm run build fails');
}
