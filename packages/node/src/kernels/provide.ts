/** Gives the core its kernels: compiled by the build, or, run from sources, on first use. Imported for that alone. */
import { readFileSync } from 'node:fs';
import { provideKernels } from '@twnet/core/kernels/kernels';
import { compiledKernels } from './compile.js';

const fromSource = import.meta.url.endsWith('.ts');

provideKernels(() =>
  fromSource ? compiledKernels() : readFileSync(new URL('./kernels.wasm', import.meta.url)),
);
