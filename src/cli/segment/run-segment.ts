/** `twnet segment`, from its options to its last line. */
import { InputError } from '../../errors.js';
import { claimOutputs, type OutputClaim } from '../../files/index.js';
import { checkVideoOutput } from '../../video/containers.js';
import type { SegmentFlags } from './flags.js';
import { formatReport, type SegmentReport } from './report.js';
import { type SegmentJob, segmentOne } from './segment-one.js';

export async function runSegment(input: string, flags: SegmentFlags): Promise<void> {
  const job: SegmentJob = { input, overlay: flags.output, labels: flags.labels };
  if (job.overlay !== undefined) checkVideoOutput(job.overlay);
  claimOutputs(claimsOf(job, flags), {
    inputs: [input, ...(flags.model === undefined ? [] : [flags.model])],
    force: flags.force,
    stdout: flags.json ? '--json' : undefined,
  });
  if (flags.format !== undefined && flags.labels === undefined)
    throw new InputError(`--format ${flags.format}: is of labels; add --labels DIR`);
  const { closeAll, Model, openParallel } = await import('../../network/index.js');
  const model = await Model.open(flags.model);
  await checkClasses(model.card.classes, flags.classes);
  let networks: Awaited<ReturnType<typeof openParallel>> = [];
  try {
    const { report, failure } = await segmentOne(job, flags, model, async (options) => {
      networks = await openParallel(model, flags.parallel, options);
      return networks;
    });
    await print(report, flags);
    if (failure) throw failure;
  } finally {
    await closeAll(networks);
  }
}

async function checkClasses(names: readonly string[], wanted: readonly string[] | undefined): Promise<void> {
  if (wanted === undefined) return;
  const { ClassChoice } = await import('../../segment/index.js');
  new ClassChoice(names, wanted, '--classes');
}

function claimsOf({ overlay, labels }: SegmentJob, { stats }: SegmentFlags): OutputClaim[] {
  return [
    ...(overlay === undefined ? [] : [{ path: overlay, kind: 'file', flag: '-o' } as const]),
    ...(labels === undefined ? [] : [{ path: labels, kind: 'folder', flag: '--labels' } as const]),
    ...(stats === undefined ? [] : [{ path: stats, kind: 'file', flag: '--stats' } as const]),
  ];
}

async function print(figures: SegmentReport, flags: SegmentFlags): Promise<void> {
  const json = `${JSON.stringify(figures, null, 2)}\n`;
  if (flags.stats !== undefined) {
    const { writeFileAtomic } = await import('../../files/index.js');
    await writeFileAtomic(flags.stats, json);
  }
  process.stdout.write(flags.json ? json : formatReport(figures));
}
