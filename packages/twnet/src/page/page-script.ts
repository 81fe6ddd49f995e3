/** The page's script: the built package has it compiled, in a clone it is compiled when it is asked for. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const at = (name: string): string => fileURLToPath(new URL(`./browser/${name}`, import.meta.url));

export function pageScript(): string {
  const compiled = at('viewer.js');
  const script = existsSync(compiled) ? readFileSync(compiled, 'utf8') : compile(at('viewer.ts'));
  // A script within a page is no module.
  return script.replace(/^export \{\};?$/m, '').replaceAll('</', '<\\/');
}

interface Compiler {
  transformSync(source: string, options: { loader: 'ts'; target: string }): { readonly code: string };
}

function compile(source: string): string {
  // Not a dependency of what is published, so not one of its imports either.
  const { transformSync } = createRequire(import.meta.url)('esbuild') as Compiler;
  return transformSync(readFileSync(source, 'utf8'), { loader: 'ts', target: 'es2022' }).code;
}
