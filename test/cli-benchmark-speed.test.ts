/** `twnet benchmark speed` as a process: what it tells, that its figures agree with each other, and bad input. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { SpeedReport } from '@twnet/bench/speed/speed';
import { describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { startTwnet, twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

const speed = (...args: string[]) => twnet('benchmark', 'speed', ...args);

describe('twnet benchmark speed', () => {
  it('measures layers, sizes and backbones in turns, as JSON', async () => {
    const { exitCode, stdout, stderr } = await speed(
      ...['--backbones', 'mobilenet-v1,mobilenet-v2', '--layers', '1,3', '--sizes', '64x48,96x64'],
      ...['--threads', '1', '--gop', '4', '--frames', '4', '--rounds', '1', '--operators', '--json'],
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as SpeedReport;
    const { machine, measurements, networks, operators } = report;
    expect(machine.cores).toBeGreaterThan(0);
    expect(report).toMatchObject({ provider: 'cpu', rounds: 1 });
    const layers = measurements.map((one) => [one.width, one.backbone, one.layer, one.gop, one.threads]);
    expect(layers).toHaveLength(8);
    expect(new Set(layers.map(String)).size).toBe(8);
    for (const [, , , gop, threads] of layers) expect([gop, threads]).toEqual([4, 1]);
    for (const { endToEnd, network, speedUp, nonKeySpeedUp, gop } of measurements) {
      const quotient = endToEnd.perFrame.median / endToEnd.propagated.median;
      expect(speedUp.endToEnd.median).toBeCloseTo(quotient, 9);
      const group = network.key.median + (gop - 1) * network.nonKey.median;
      expect(speedUp.network.median).toBeCloseTo((gop * network.perFrame.median) / group, 9);
      expect(nonKeySpeedUp.network.median).toBeCloseTo(network.perFrame.median / network.nonKey.median, 9);
      expect(endToEnd.nonKey).not.toBeNull();
    }
    expect(networks.map(({ weights }) => weights).filter((name) => name === 'random')).toHaveLength(6);
    // Which one takes most is a matter of time on pictures this small.
    expect(operators).toHaveLength(12);
    for (const { operators: each } of operators)
      expect(each.map(({ operator }) => operator)).toContain('Conv');
  });

  it('says in a few lines what one layer costs, and leaves nothing behind', async () => {
    const args = ['--sizes', '64x48', '--layers', '1', '--rounds', '1', '--frames', '2', '--operators'];
    const { child, finished } = startTwnet('benchmark', 'speed', ...args);
    const { exitCode, stdout } = await finished;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^64×48, Layer 1, end to end\n +ms a frame +GMACs\nper frame /);
    const lines = stdout.split('\n');
    const numbers = (line: number) => lines[line].match(/-?\d+\.\d+/g)!.map(Number);
    const [[perFrame], [nonKey], [ratio]] = [numbers(2), numbers(3), numbers(4)];
    // As printed, with one digit behind the point.
    expect(Math.abs(ratio * perFrame - nonKey)).toBeLessThan(0.06 + 0.06 * Math.abs(ratio));
    expect(stdout).toMatch(/\n1 round, cpu; .*ONNX Runtime \d/);
    const left = readdirSync(tmpdir()).filter(
      (name) => name.startsWith('.part-') && name.includes(`-${child.pid}-`),
    );
    expect(left).toEqual([]);
  });

  it.each([
    { args: ['--backbones', 'vgg'], message: /there is no vgg; choose among mobilenet-v1, / },
    { args: ['--provider', 'abacus'], message: /there is no abacus; .*cpu/ },
    { args: ['--sizes', '64x48,63x48'], message: /--sizes .*63x48.*even/ },
    { args: ['--layers', '1,4'], message: /--layers .*1, 2 or 3/ },
    { args: ['--threads', '0'], message: /--threads .*above 0/ },
    { args: ['--model', 'nowhere'], message: /nowhere: is not a model folder/ },
  ])('answers “$args” with one line', async ({ args, message }) => {
    expectOneLine(await twnetHere('benchmark', 'speed', ...args), 2, message);
  });
});
