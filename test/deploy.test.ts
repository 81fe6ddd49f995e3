/** The files of `deploy/`: what a linter and the schemas of Kubernetes say, and whether they name what there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createMeasuringProgram } from '../packages/bench/src/cli/program.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MANIFESTS = join(ROOT, 'deploy', 'kubernetes');
const textOf = (...names: string[]): string => readFileSync(join(ROOT, ...names), 'utf8');
const KINDS = { Deployment, StatefulSet, Service };

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly volumeMounts: readonly { readonly name: string }[];
}
interface Manifest {
  readonly kind: keyof typeof KINDS;
  readonly spec: {
    readonly selector: object;
    readonly template?: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly containers: readonly Container[];
        readonly volumes?: readonly { name: string }[];
      };
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

const manifests = readdirSync(MANIFESTS).flatMap((name) =>
  parseAllDocuments(textOf('deploy', 'kubernetes', name)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  }),
);

describe('deploy/', () => {
  it('has manifests that are as the schemas of Kubernetes say', () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(['Deployment', 'Service', 'StatefulSet']);
    for (const manifest of manifests) {
      const Kind = KINDS[manifest.kind] as new (data: object) => { validate(): void };
      expect(() => new Kind(manifest).validate()).not.toThrow();
      const wrong = { ...manifest, spec: { ...manifest.spec, replicas: 'many', ports: 6379 } };
      expect(() => new Kind(wrong).validate()).toThrow();
    }
  });

  it('has containers whose volumes there are, without the rights that they do not need', () => {
    for (const { spec } of manifests) {
      if (!spec.template) continue;
      expect(spec.selector).toEqual({ matchLabels: spec.template.metadata.labels });
      const { containers, volumes = [] } = spec.template.spec;
      const claimed = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
      const names = [...volumes.map(({ name }) => name), ...claimed];
      for (const container of containers) {
        expect(names).toEqual(expect.arrayContaining(container.volumeMounts.map(({ name }) => name)));
        expect(container).toMatchObject({
          resources: { requests: {}, limits: {} },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        });
      }
    }
  });

  it('starts workers by a command line that twnet takes, of this version', async () => {
    const { version } = JSON.parse(textOf('packages', 'twnet', 'package.json')) as { version: string };
    const [container] = manifests.find(({ kind }) => kind === 'Deployment')!.spec.template!.spec.containers;
    expect(container.image).toBe(`twnet-worker:${version}`);
    const program = createMeasuringProgram();
    const worker = program.commands.find((command) => command.name() === 'worker')!;
    let taken: object = {};
    worker.exitOverride().action((flags: object) => {
      taken = flags;
    });
    await program.parseAsync(container.args, { from: 'user' });
    expect(taken).toMatchObject({ storage: ['s3://drives'], concurrency: 1, threads: 1 });
  });

  it('has a Dockerfile that a linter takes, with the libraries that are tested', () => {
    const dockerfile = textOf('deploy', 'Dockerfile');
    expect(validate(dockerfile)).toEqual([]);
    expect(validate(dockerfile.replace('WORKDIR /src', 'WORKDIRS /src'))).not.toEqual([]);
    const { devDependencies, scripts } = JSON.parse(textOf('package.json')) as {
      devDependencies: Record<string, string>;
      scripts: Record<string, string>;
    };
    const named = [...dockerfile.matchAll(/((?:@[\w-]+\/)?[\w-]+)@([\d.]+)(?=[\s\\])/g)];
    expect(named).toHaveLength(4);
    for (const [, name, version] of named) expect(devDependencies[name], name).toBe(version);
    for (const [, script] of dockerfile.matchAll(/npm run ([\w:-]+)/g))
      expect(scripts).toHaveProperty(script);
    // As nobody who could do harm.
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});
