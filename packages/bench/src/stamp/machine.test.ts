import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { describeMachine, machineLine } from './machine.js';

describe('describeMachine', () => {
  it('knows processor, memory and versions', () => {
    const machine = describeMachine();
    expect(machine.cores).toBeGreaterThanOrEqual(1);
    expect(machine.cores).toBeLessThanOrEqual(Math.max(1, cpus().length));
    expect(machine.memoryGiB).toBeGreaterThan(0.1);
    expect(machine.node).toBe(process.versions.node);
    for (const version of [machine.node, machine.onnxruntime, machine.twnet])
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('says it in a line', () => {
    const line = machineLine({
      cpu: 'Some CPU',
      cores: 1,
      memoryGiB: 23.5,
      system: 'Linux 6.1 x64',
      node: '20.1.0',
      onnxruntime: '1.30.0',
      twnet: '0.1.0',
    });
    expect(line).toBe(
      'Some CPU, 1 core, 23.5 GiB; Linux 6.1 x64; Node 20.1.0, ONNX Runtime 1.30.0, twnet 0.1.0',
    );
  });
});
