/** ONNX Runtime's profile, summed by operator. */
import { readdir, readFile } from 'node:fs/promises';

export interface OperatorTime {
  /** ONNX operator, or what ONNX Runtime fused several into. */
  readonly operator: string;
  /** Milliseconds a run. */
  readonly milliseconds: number;
  /** Of the time in all operators. */
  readonly share: number;
  /** Calls a run. */
  readonly calls: number;
}

/** An event of the Chrome trace; times are microseconds. */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/**
 * Operators by time, most first, as means over the runs of a profile.
 *
 * @param folder that holds the profile (see `SessionOptions.profilePrefix`) and nothing else
 * @param warmup runs at the start that do not count
 */
export async function readProfile(folder: string, warmup = 0): Promise<OperatorTime[]> {
  const [file] = await readdir(folder);
  return sumProfile(JSON.parse(await readFile(`${folder}/${file}`, 'utf8')) as ProfileEvent[], warmup);
}

/** The same of a profile's events. */
export function sumProfile(events: readonly ProfileEvent[], warmup = 0): OperatorTime[] {
  const starts = events
    .filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
    .map(({ ts }) => ts)
    .sort((a, b) => a - b)
    .slice(warmup);
  const sums = new Map<string, { microseconds: number; calls: number }>();
  let total = 0;
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || !args?.op_name || !(ts >= starts[0])) continue;
    const sum = sums.get(args.op_name) ?? { microseconds: 0, calls: 0 };
    sums.set(args.op_name, { microseconds: sum.microseconds + dur, calls: sum.calls + 1 });
    total += dur;
  }
  return [...sums]
    .map(([operator, { microseconds, calls }]) => ({
      operator,
      milliseconds: microseconds / 1000 / starts.length,
      share: microseconds / total,
      calls: calls / starts.length,
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
