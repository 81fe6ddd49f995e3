/**
 * A real browser for the tests of pages. On Linux x64 it comes from npm (Chromium, headless, with the libraries that
 * a bare machine lacks), unpacked into a folder of its own for as long as it runs; elsewhere an installed Chrome.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

export interface BrowserOptions {
  /** For Chromium, beside its own. */
  readonly args?: readonly string[];
  /** Pages have processes of their own, as for users: only then they can be cross-origin isolated. Default false. */
  readonly isolates?: boolean;
}

/** @throws when the machine has neither. */
export async function openBrowser({
  args = [],
  isolates = false,
}: BrowserOptions = {}): Promise<TestBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const browser = await chromium.launch({ channel: 'chrome', args: [...args] });
    return { browser, [Symbol.asyncDispose]: () => browser.close() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'twnet-browser-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    // Both are read on import and on unpacking: where to, and that the system's libraries cannot be relied on.
    process.env.TMPDIR = folder;
    process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
    const { default: bundled } = await import('@sparticuz/chromium');
    const executablePath = await bundled.executablePath();
    const own = bundled.args.filter((arg) => !isolates || arg !== '--single-process');
    const env = { ...process.env, FONTCONFIG_FILE: await fontsIn(folder) };
    const browser = await chromium.launch({ executablePath, args: [...own, ...args], env });
    return {
      browser,
      [Symbol.asyncDispose]: async () => {
        await browser.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Its own list of fonts has those in /tmp alone: without one, a page has no text. */
async function fontsIn(folder: string): Promise<string> {
  const list = join(folder, 'fonts-here.conf');
  const [fonts, cache] = ['fonts', 'fonts-cache'].map((name) => join(folder, name));
  await writeFile(list, `<fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`);
  return list;
}
