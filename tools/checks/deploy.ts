/**
 * Runs deploy/ without a cluster: builds the image and plays the manifests by podman, as root on Linux.
 *
 *     tsx tools/checks/deploy.ts [--podman "podman --storage-driver vfs"] [--built]
 *
 * Podman plays pods and deployments, one replica each, so Redis' stateful set becomes the pod that it describes, on a
 * volume for as long as it runs, and its service is this host. Two workers segment rendered drives from a bucket and back;
 * one of them is killed. The images are those of the manifests: node and redis come from their registry unless podman has
 * images of these names already.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { renderScene } from '../../packages/twnet/src/cli/demo/scene.js';
import { connect } from '../../packages/twnet/src/queue/broker.js';
import { overview } from '../../packages/twnet/src/queue/overview.js';
import { storageOf } from '../../packages/twnet/src/queue/storage.js';
import { BUCKET, startBucket } from '../../test/s3-server.js';
import { buildFirst, MAIN } from '../measure/cluster/built.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags } = parseArgs({
  options: { podman: { type: 'string', default: 'podman' }, built: { type: 'boolean' } },
});
const [podman, ...podmanArgs] = flags.podman.split(' ');
const [CLIPS, FRAMES] = [6, 24];
const BUILD = ['-f', 'deploy/Dockerfile', '-t', 'twnet-worker:0.1.0'];
const SECRET = 'twnet-queue';
const REDIS = 'redis://127.0.0.1:6379';

interface Pod {
  readonly metadata: object;
  readonly spec: { readonly containers: readonly object[]; readonly volumes?: readonly object[] };
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: Pod;
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

buildFirst();
if (!flags.built) await ran(podman, ...podmanArgs, 'build', '--network', 'host', ...BUILD, '.');
const manifests = ['redis.yaml', 'workers.yaml'].flatMap((name) =>
  parseAllDocuments(readFileSync(join(ROOT, 'deploy/kubernetes', name), 'utf8')).map(
    (document) => document.toJS() as Manifest,
  ),
);
const folder = mkdtempSync(join(tmpdir(), 'twnet-deploy-'));
await using _bucket = await startBucket();
const names = Array.from({ length: CLIPS }, (_, i) => `drive-${i}`);
const storage = await storageOf(`s3://${BUCKET}`);
for (const [seed, name] of names.entries()) {
  const path = join(folder, `${name}.mp4`);
  await renderScene(path, { frames: FRAMES, size: { width: 480, height: 360 }, seed }, () => undefined);
  await storage.write(`s3://${BUCKET}/in/${name}.mp4`, readFileSync(path));
}
await ran(
  process.execPath,
  MAIN,
  'segment',
  ...names.map((name) => join(folder, `${name}.mp4`)),
  '--labels',
  at('one'),
);

await play('redis', redisPod());
try {
  await answering();
  await createSecret();
  for (const worker of ['one', 'two']) await play(worker, deployment(`twnet-${worker}`));
  const begun = performance.now();
  const submit = ['submit', `s3://${BUCKET}/in/`, '--out', `s3://${BUCKET}/out`, '--job-frames', '12'];
  await ran(process.execPath, MAIN, ...submit, '--queue', REDIS);
  await using broker = await connect(REDIS);
  await until(async () => (await overview(broker)).totals.groups >= 2);
  // As a node that is lost; the job that it has is another's after the manifest's patience.
  await ran(podman, ...podmanArgs, 'kill', containerOf('twnet-one'));
  await until(async () => {
    const { waiting, active, delayed, videos } = await overview(broker);
    return waiting + active + delayed + videos === 0;
  });
  const { failed } = await overview(broker);
  const seconds = (performance.now() - begun) / 1000;
  await ran(podman, ...podmanArgs, 'stop', '--time', '60', containerOf('twnet-two'));
  const exitCode = textOf('inspect', '--format', '{{.State.ExitCode}}', containerOf('twnet-two'));
  const differing = await differences();
  const found = { videos: CLIPS, failed, differing, seconds, exitCode };
  console.log(JSON.stringify(found, null, 1));
  if (differing.length > 0 || failed > 0 || exitCode !== '0') process.exitCode = 1;
} finally {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.yaml')))
    spawnSync(podman, [...podmanArgs, 'kube', 'down', join(folder, name)], { stdio: 'inherit' });
  spawnSync(podman, [...podmanArgs, 'secret', 'rm', SECRET]);
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

function at(...parts: string[]): string {
  return join(folder, ...parts);
}

/** While the bucket, which is this process, answers. */
async function ran(program: string, ...args: string[]): Promise<void> {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${program} ${args.join(' ').slice(0, 200)}: ended with ${status}`);
}

function textOf(...args: string[]): string {
  return spawnSync(podman, [...podmanArgs, ...args])
    .stdout.toString()
    .trim();
}

/** The container of a pod, beside the one that only holds it. */
function containerOf(pod: string): string {
  const shown = textOf('ps', '--all', '--format', '{{.Names}}').split('\n');
  const found = shown.find((name) => name.startsWith(pod) && !name.endsWith('-infra'));
  if (found === undefined) throw new Error(`no container of ${pod} among ${shown.join()}`);
  return found;
}

async function play(name: string, document: object): Promise<void> {
  const file = at(`${name}.yaml`);
  writeFileSync(file, stringify(document));
  await ran(podman, ...podmanArgs, 'kube', 'play', '--network', 'host', file);
}

/** What the stateful set starts, on a volume of its pod. */
function redisPod(): object {
  const { metadata, spec } = manifests.find(({ kind }) => kind === 'StatefulSet')!;
  const volumes = spec.volumeClaimTemplates!.map((claim) => ({ name: claim.metadata.name, emptyDir: {} }));
  const { template } = spec;
  // On the host's network there are no ports to name.
  const containers = template.spec.containers.map((each) => ({ ...each, ports: undefined }));
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { ...template.metadata, name: metadata.name },
    spec: { ...template.spec, containers, volumes },
  };
}

/** The manifest of the workers under another name. */
function deployment(name: string): object {
  const found = manifests.find(({ kind }) => kind === 'Deployment')!;
  return { ...found, metadata: { ...found.metadata, name }, spec: { ...found.spec, replicas: 1 } };
}

/** As the manifest of the workers names it; podman keeps such secrets as JSON. */
async function createSecret(): Promise<void> {
  const { AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  const values = { AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, TWNET_QUEUE: REDIS };
  const coded = Object.entries(values).map(([name, text]) => [name, Buffer.from(text!).toString('base64')]);
  writeFileSync(at('secret.json'), JSON.stringify(Object.fromEntries(coded)));
  await ran(podman, ...podmanArgs, 'secret', 'create', SECRET, at('secret.json'));
}

async function answering(): Promise<void> {
  await until(async () => {
    const child = spawn('redis-cli', ['-u', REDIS, 'ping'], { stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    return code === 0;
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 360; tries++) {
    if (await isSo()) return;
    await wait(500);
  }
  throw new Error('nothing comes of it in three minutes');
}

/** Files that are not those of `twnet segment`, but for the lists, which name their source. */
async function differences(): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    for (const file of readdirSync(at('one', name)).filter((each) => each.endsWith('.png'))) {
      const written = await storage.read(`s3://${BUCKET}/out/${name}/${file}`);
      if (!written?.equals(readFileSync(at('one', name, file)))) found.push(`${name}/${file}`);
    }
  }
  return found;
}
