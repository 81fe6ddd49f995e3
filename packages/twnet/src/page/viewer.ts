/** The viewer that pages hold, a script and its style: the built package has them made, in a clone they are made when asked for. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface ViewerFiles {
  readonly script: string;
  readonly style: string;
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string): string => readFileSync(path, 'utf8');
const STUDIO = '../../../studio/src';

let made: ViewerFiles | undefined;

/** What shows the {@link Recording}s of a page in its element `viewer`. */
export function viewerFiles(): ViewerFiles {
  const built = at('viewer.bundle.js');
  made ??= existsSync(built) ? { script: read(built), style: read(at('viewer.css')) } : bundle();
  return made;
}

interface Bundler {
  buildSync(options: object): { readonly outputFiles: readonly { readonly text: string }[] };
}

function bundle(): ViewerFiles {
  // Not a dependency of what is published, so not one of its imports either.
  const { buildSync } = createRequire(import.meta.url)('esbuild') as Bundler;
  const bundled = (options: object): string =>
    buildSync({ bundle: true, minify: true, write: false, target: 'es2022', ...options }).outputFiles[0].text;
  const script = bundled({
    entryPoints: [at(`${STUDIO}/viewer/main.tsx`)],
    ...{ format: 'iife', platform: 'browser', jsx: 'automatic', jsxImportSource: 'preact' },
    banner: { js: '/*! With Preact, MIT licence, Copyright (c) 2015-present Jason Miller */' },
  });
  const sheets = ['look', 'player'].map((name) => read(at(`${STUDIO}/player/${name}.css`)));
  const style = bundled({ stdin: { contents: sheets.join('\n'), loader: 'css' }, target: 'esnext' });
  return { script: script.replaceAll('</', '<\\/'), style };
}
