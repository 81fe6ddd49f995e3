/** What a measurement says about itself: weights, version, machine and command, so that a document can be tied to it. */
import { cpus } from 'node:os';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Model, PAPER_MODEL } from '@twnet/node/model/model';
import { describeMachine, type Machine } from './machine.js';

export interface WeightsStamp {
  readonly name: string;
  /** `Model.digest`. */
  readonly digest: string;
}

export interface Stamp {
  /** The models measured. Commands that run no trained weights name those that ship with the version measured. */
  readonly weights: readonly WeightsStamp[];
  /** Models that a report compares them with. */
  readonly alongside?: readonly WeightsStamp[];
  readonly version: string;
  readonly machine: Machine;
  /** Cores that other programs kept busy when this stamp was made; times need it near 0. */
  readonly busyCores: number;
  /** The command line, without folders of the machine it was run on. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

/** How long other programs are watched, in ms. */
const WATCHED = 500;

/**
 * @param models none: {@link Stamp.weights}' rule for commands that run no trained weights
 * @param args arguments of `twnet`
 * @throws InputError when a model's weights cannot be read
 */
export async function measurementStamp(
  models: readonly (Model | string | undefined)[],
  args: readonly string[],
): Promise<Stamp> {
  const opened = await Promise.all(
    (models.length === 0 ? [undefined] : models).map((model) =>
      typeof model === 'object' ? model : Model.open(model ?? PAPER_MODEL),
    ),
  );
  const machine = describeMachine();
  return {
    weights: opened.map(({ card, digest }) => ({ name: card.name, digest })),
    version: machine.twnet,
    machine,
    busyCores: await busyCores(),
    command: commandLine(args),
    date: new Date().toISOString(),
  };
}

/** To a tenth; this process does nothing meanwhile. */
async function busyCores(): Promise<number> {
  const before = cpus().map(({ times }) => times);
  await setTimeout(WATCHED);
  const shares = cpus().map(({ times }, core) => {
    const idle = times.idle - before[core].idle;
    const busy = total(times) - total(before[core]) - idle;
    return busy + idle > 0 ? busy / (busy + idle) : 0;
  });
  return Math.round(10 * shares.reduce((sum, share) => sum + share, 0)) / 10;
}

function total(times: Readonly<Record<string, number>>): number {
  return Object.values(times).reduce((sum, time) => sum + time, 0);
}

/** Folders that say nothing without the one that they are in. */
const PARTS_OF_DATA_SETS = new Set(['images', 'labels', 'train', 'val', 'test']);

/** `twnet …args` as it may be published: paths outside the working directory by their names alone. */
export function commandLine(args: readonly string[], directory = process.cwd()): string {
  return ['twnet', ...args.map((argument) => publicName(argument, directory))].join(' ');
}

/** A path outside `directory` by its name alone; anything else as it is. */
export function publicName(argument: string, directory = process.cwd()): string {
  const [, option, value] = /^(--[\w-]+=)?(.*)$/s.exec(argument)!;
  if (!isAbsolute(value) && !/^\.\.?([/\\]|$)/.test(value)) return argument;
  const path = resolve(directory, value);
  const inside = relative(directory, path);
  const outside = inside === '' || inside.startsWith('..') || isAbsolute(inside);
  return `${option ?? ''}${outside ? nameOf(path) : inside.replaceAll('\\', '/')}`;
}

function nameOf(path: string): string {
  const name = basename(path);
  return PARTS_OF_DATA_SETS.has(name) ? `${nameOf(dirname(path))}/${name}` : name;
}
