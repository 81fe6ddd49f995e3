/**
 * A real browser for the tests of pages. On Linux x64 it comes from npm (Chromium, headless, with the libraries that
 * a bare machine lacks), unpacked into a folder of its own for as long as it runs; elsewhere an installed Chrome.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

/** @throws when the machine has neither. */
export async function openBrowser(): Promise<TestBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const browser = await chromium.launch({ channel: 'chrome' });
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
    const browser = await chromium.launch({ executablePath, args: bundled.args });
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
