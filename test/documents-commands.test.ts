/** Command lines, links and programs in the documents hold against the code: what is renamed there is renamed here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { createMeasuringProgram } from '../packages/bench/src/cli/program.js';
import { documents, ROOT } from '../tools/documents/files.js';
import { PLAN } from '../tools/measure/plan.js';
import { spansOf, typescriptOf, wordsOf } from './documents-code.js';
import { runNode } from './run-node.js';

const EXAMPLES = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('examples', name));
const NAMES = [...documents(), 'docs/research/results.md', ...EXAMPLES];
const textOf = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const SCRIPTS = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts;

/** The command line, which does nothing. */
function idleProgram(): Command {
  const program = createMeasuringProgram();
  for (const command of everyCommand(program)) {
    if (command.commands.length === 0) command.action(() => {});
    // What is checked before an action would look at files.
    (command as unknown as { _lifeCycleHooks: object })._lifeCycleHooks = {};
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  }
  return program;
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** What the command line says to a line that can be typed; undefined where it would run. */
async function faultOf(words: readonly string[]): Promise<string | undefined> {
  try {
    await idleProgram().parseAsync([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.message;
  }
}

/** What words in a sentence name that there is not: a command, or an option of it. */
function unknownIn(words: readonly string[]): string | undefined {
  let command: Command = createMeasuringProgram();
  const rest = [...words];
  while (rest.length > 0 && command.commands.length > 0 && /^[a-z]/.test(rest[0])) {
    const name = rest.shift()!;
    const next = command.commands.find((one) => one.name() === name);
    if (!next) return `there is no command ${name}`;
    command = next;
  }
  const known = everyCommand(command).flatMap(({ options }) =>
    options.flatMap(({ long, short }) => [long, short]),
  );
  const flag = rest.find((word) => /^--?[a-z]/.test(word) && !known.includes(word) && word !== '--help');
  return flag === undefined ? undefined : `${command.name()} has no ${flag}`;
}

describe.each(NAMES)('%s', (name) => {
  const spans = spansOf(textOf(name));

  it('has command lines that twnet takes', async () => {
    const faults: string[] = [];
    for (const { code, whole, line } of spans)
      for (const words of wordsOf(code)) {
        if (words[0]?.startsWith('<')) continue;
        const fault = whole ? await faultOf(words) : unknownIn(words);
        if (fault) faults.push(`line ${line}: ${code}: ${fault}`);
      }
    expect(faults).toEqual([]);
  });

  it('names options that some command has', () => {
    const known = new Set(
      everyCommand(createMeasuringProgram()).flatMap(({ options }) => options.map(({ long }) => long ?? '')),
    );
    // Of `npm run measure`, and what commander adds.
    for (const own of ['--only', '--kind', '--again', '--video', '--help', '--version']) known.add(own);
    const faults = spans
      .filter(({ whole, code }) => !whole && code.startsWith('--'))
      .map(({ code, line }) => ({ flag: /^--[\w-]+/.exec(code)![0], line }))
      .filter(({ flag }) => !known.has(flag) && !flag.startsWith('--ignore-') && !flag.startsWith('--omit'))
      .map(({ flag, line }) => `line ${line}: ${flag}`);
    expect(faults).toEqual([]);
  });

  it('names scripts and programs that there are', () => {
    const faults: string[] = [];
    for (const { code, line } of spans) {
      for (const [, script] of code.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g))
        if (!(script in SCRIPTS)) faults.push(`line ${line}: npm run ${script}`);
      for (const [, file] of code.matchAll(/\btsx ([\w./-]+\.ts)/g))
        if (!existsSync(join(ROOT, file))) faults.push(`line ${line}: ${file}`);
      if (/^(packages|tools|test|docs)\/[\w./-]+$/.test(code) && !existsSync(join(ROOT, code)))
        faults.push(`line ${line}: ${code}`);
    }
    expect(faults).toEqual([]);
  });

  it('links to files and headings that there are', () => {
    const faults: string[] = [];
    const prose = textOf(name).replaceAll(/`[^`]*`/g, '');
    for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(target)) continue;
      const [path, anchor] = target.split('#');
      const file = path === '' ? name : join(dirname(name), path);
      if (!existsSync(join(ROOT, file))) faults.push(target);
      // The report's headings are there once it is measured.
      else if (anchor && !file.endsWith('results.md') && !headingsOf(file).includes(anchor))
        faults.push(target);
    }
    expect(faults).toEqual([]);
  });
});

/** As GitHub names them. */
function headingsOf(file: string): string[] {
  return [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('what the documents are measured by', () => {
  it.each(
    PLAN.filter(({ script }) => !script).map((planned) => [planned.name, planned] as const),
  )('%s is a command line that twnet takes', async (_, { args }) => {
    const videos = ['drive.mp4', 'motorway.mp4'];
    const sources = { data: 'camvid', clip: 'clip', video: 'drive.mp4', videos, start: 'start-weights' };
    const words = [...args(sources), '-o', 'out.json'];
    expect(await faultOf(words)).toBeUndefined();
  });
});

describe('programs in the documents', () => {
  it('are right by TypeScript', async () => {
    const folder = await mkdtemp(join(ROOT, 'node_modules', '.documents-'));
    try {
      const files: string[] = [];
      const forBrowsers: string[] = [];
      for (const name of NAMES)
        for (const [index, code] of typescriptOf(textOf(name)).entries()) {
          const file = `${name.replaceAll(/\W/g, '-')}-${index}.ts`;
          await writeFile(join(folder, file), `${code}\nexport {};\n`);
          (code.includes("'twnet/web'") ? forBrowsers : files).push(file);
        }
      expect(files.length).toBeGreaterThan(0);
      expect(forBrowsers.length).toBeGreaterThan(0);
      const config = {
        extends: '../../tsconfig.json',
        compilerOptions: { noUnusedLocals: false, types: ['node'] },
        include: ['../../packages/*/src/**/*.d.ts'],
        exclude: ['../../packages/core/src/kernels/assembly'],
        files,
      };
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      const ofBrowsers = { lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'] };
      const types = ['dom-mediacapture-transform'];
      const compilerOptions = { ...config.compilerOptions, ...ofBrowsers, types };
      const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      for (const project of [config, { ...config, compilerOptions, files: forBrowsers }]) {
        await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
        expect(await runNode(tsc, '--noEmit', '-p', folder)).toEqual({ exitCode: 0, output: '' });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
