/** What a figure was measured on. */
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { ownVersion } from '@twnet/node/files/own-version';

export interface Machine {
  /** The processor's name, as the system gives it. */
  readonly cpu: string;
  /** Logical cores that this process may use. */
  readonly cores: number;
  readonly memoryGiB: number;
  /** System, its release, and architecture. */
  readonly system: string;
  readonly node: string;
  readonly onnxruntime: string;
  readonly twnet: string;
}

/** The machine and the versions of what runs on it. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((10 * totalmem()) / 2 ** 30) / 10,
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    onnxruntime: (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string })
      .version,
    twnet: ownVersion(),
  };
}

/** The same in one line. */
export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGiB, system, node, onnxruntime, twnet } = machine;
  return (
    `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${memoryGiB} GiB; ${system}; ` +
    `Node ${node}, ONNX Runtime ${onnxruntime}, twnet ${twnet}`
  );
}
