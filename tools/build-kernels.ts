/** Puts the compiled kernels into the build; `npm run build` calls it. */
import { writeFileSync } from 'node:fs';
import { compiledKernels } from '../src/kernels/compile.js';

writeFileSync(new URL('../dist/kernels/kernels.wasm', import.meta.url), compiledKernels());
