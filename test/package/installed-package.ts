/** The packed package, installed into an empty folder by README's line. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Variables that `npm run` of this repository sets, its .npmrc among them; a user has none of them. */
const OF_THIS_RUN =
  /^(npm_package_|npm_lifecycle_|npm_command$|npm_execpath$|npm_config_(?!registry$))|^(XDG_|INIT_CWD|NODE_OPTIONS|NODE_ENV|VITEST)/i;

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PackResult {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

export class InstalledPackage {
  /** What was installed into; nothing was in it but the tarball. */
  readonly folder = mkdtempSync(join(tmpdir(), 'twnet-installed-'));
  /** npm's, empty at first: an install that only works from what an earlier one left behind fails. */
  readonly #cache = mkdtempSync(join(tmpdir(), 'twnet-npm-cache-'));
  /** The user's home folder, empty at first. */
  readonly home = mkdtempSync(join(tmpdir(), 'twnet-home-'));
  readonly packed: PackResult;

  constructor() {
    const { stdout, stderr, exitCode } = this.run(
      'npm',
      ['pack', '--workspace', 'twnet', '--json', '--pack-destination', this.folder],
      ROOT,
    );
    if (exitCode !== 0) throw new Error(`npm pack: ${stderr}`);
    [this.packed] = JSON.parse(stdout) as PackResult[];
  }

  /** Runs a command as a user does, in the folder that the package is installed in. */
  run(command: string, args: readonly string[], folder = this.folder): Ran {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THIS_RUN.test(name)));
    // npm's settings, such as where the registry is, are those of the person who runs this.
    const npm = { npm_config_cache: this.#cache, npm_config_userconfig: join(homedir(), '.npmrc') };
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: folder,
      env: { ...env, ...npm, HOME: this.home, USERPROFILE: this.home },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      shell: process.platform === 'win32',
    });
    if (error) throw error;
    return { exitCode: status, stdout, stderr };
  }

  /** Bytes on disk of `path` in the folder. */
  bytesOf(path: string): number {
    const full = join(this.folder, path);
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  }

  remove(): void {
    for (const folder of [this.folder, this.#cache, this.home])
      rmSync(folder, { recursive: true, force: true });
  }
}

/** README's line that installs the tarball. */
export function installLine(): string {
  const line = readFileSync(join(ROOT, 'README.md'), 'utf8').match(
    /^\s*(npm install [^#\n]*twnet-[^#\n]*\.tgz)/m,
  );
  if (!line) throw new Error('README.md has no line that installs the tarball');
  return line[1];
}
