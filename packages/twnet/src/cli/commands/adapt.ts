/** `twnet adapt --model DIR VIDEO…`: an imported network learns what lies between its key frames from its own footage. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import { FilledFolder } from '@twnet/node/files/filled-folder';
import { type Command, InvalidArgumentError } from 'commander';
import { decimal, positiveInteger } from '../option-values.js';
import { showProgress } from '../progress.js';
import { stopOnSignal } from '../stop-on-signal.js';
import { written, writtenLines } from '../written.js';

interface AdaptFlags {
  readonly model: string;
  readonly minutes: number;
  readonly output?: string;
  readonly threads?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

const PAGE = 'adapted.html';

const DETAILS = `
The last quarter of every video is held out; of the rest the network looks at as many frames as a quarter of the time
allows, and a light network learns, from those, to correct what motion carries over. It is added to the model, judged on
what was held out beside the network on every frame, and the page says which setting to take. A run that was stopped is
gone on with by the same command; so is one that has ended, for as many minutes more. With 0 minutes nothing is learnt: the
page says what the model makes of the footage as it is.

Examples:
  twnet adapt drive.mp4 yard.mp4 --model models/unet
  twnet adapt drive.mp4 --model models/unet --minutes 10
  twnet adapt drive.mp4 --model models/unet --minutes 0
  twnet segment drive.mp4 --model models/unet --speed causal`;

export function registerAdaptCommand(program: Command): void {
  program
    .command('adapt')
    .description('make an imported network fast on footage of your own: nothing is labelled')
    .argument('<video...>', 'footage that it is to be fast on, of at least a few seconds')
    .requiredOption(
      '--model <dir>',
      'folder of an imported model (twnet model import); what is learnt is added to it',
    )
    .option('--minutes <n>', 'time for all of it, about; 0 judges what the model has', minutes, 30)
    .option('-o, --output <dir>', "run folder, with the page (default: the model's name and -adapted)")
    .option('--threads <n>', 'threads within an operator', positiveInteger)
    .option('--force', 'write into a folder that twnet did not fill')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', DETAILS)
    .action(adaptCommand);
}

function minutes(text: string): number {
  const value = decimal(text);
  if (!(value >= 0 && value <= 10_000))
    throw new InvalidArgumentError('It must be a number of minutes, or 0 to judge what the model has.');
  return value;
}

async function adaptCommand(videos: string[], flags: AdaptFlags): Promise<void> {
  const { model, json, threads } = flags;
  const out = flags.output ?? `${model.replace(/[/\\]+$/, '')}-adapted`;
  claimOutputs([{ path: out, kind: 'folder', flag: '-o' }], {
    inputs: [...videos, model],
    force: flags.force === true || existsSync(join(out, 'config.json')),
    stdout: json ? '--json' : undefined,
  });
  const [{ adapt }, { adaptPage, commandOf, sentenceOf }, { writeFileAtomic }] = await Promise.all([
    import('@twnet/train/adapt/adapt'),
    import('../adapt/adapt-page.js'),
    import('@twnet/node/files/atomic'),
  ]);
  using stop = stopOnSignal();
  using progress = showProgress('adapt', { unit: 'steps', silent: json === true });
  const told = {
    step: (done: number, total: number, loss: number) =>
      progress.update(done, Number.isNaN(loss) ? 'looking at footage' : `loss ${loss.toFixed(4)}`, total),
    begin: (done: number) => progress.begin(done),
    note: (line: string) => progress.note(line),
  };
  const result = await adapt({
    ...{ model, videos, minutes: flags.minutes, out, threads, progress: told, signal: stop.signal },
  }).catch((error: unknown) => {
    throw error === stop.signal.reason ? stop.interrupted(`the same command goes on with ${out}`) : error;
  });
  progress.close();
  const page = join(out, PAGE);
  const folder = FilledFolder.open(out, { force: true });
  folder.expect(PAGE);
  await writeFileAtomic(page, await adaptPage(result));
  folder.wrote(PAGE);
  const outputs = [...(flags.minutes > 0 ? [written(model, 'model')] : []), written(page, 'page')];
  if (json) {
    const figures = ({ worst: _worst, ...way }: (typeof result.ways)[number]) => way;
    const { steps, samples } = result;
    const ways = result.ways.map(figures);
    const recommended = figures(result.recommended);
    process.stdout.write(
      `${JSON.stringify({ model, steps, samples, ways, recommended, outputs }, null, 2)}\n`,
    );
    return;
  }
  const [own, ...others] = result.ways;
  const lines = [
    `${own.name}: ${own.framesPerSecond.toFixed(2)} frames a second`,
    ...others.map((way) => sentenceOf(way, own)),
    `recommended: ${commandOf(model, result.recommended)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n${writtenLines(outputs)}`);
}
