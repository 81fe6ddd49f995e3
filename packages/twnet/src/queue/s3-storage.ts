/** Storage in a bucket, by the S3 API. Credentials, region and endpoint are the SDK's own business. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { InputError, messageOf } from '@twnet/core/errors';
import { outputErrorFor } from '@twnet/node/files/output-error';
import { endingOf } from '@twnet/node/video/source/local-file';
import { untrusted } from './certificates.js';
import { optional } from './optional-library.js';
import { PIECE, RangeServer } from './range-server.js';
import type { Location, Storage, StoredFile } from './storage.js';
import { temporaryFolder } from './temporary-place.js';
import { counted, traffic } from './traffic.js';

/** Larger files go up in parts. */
const LARGEST_PUT = 64 * 2 ** 20;
const KEYS_A_REMOVAL = 1000;
/** Of larger files only those parts come that are read, where that is not all. */
const LARGE = 8 * PIECE;

let opened: Promise<Storage> | undefined;
let ranges: Promise<RangeServer> | undefined;

/** @throws InputError where the SDK is not installed */
export function bucketStorage(): Promise<Storage> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Storage> {
  // On Node 20 each command would say that later versions of the SDK want another one; ours is pinned.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await optional(
    's3://',
    '@aws-sdk/client-s3 @aws-sdk/lib-storage',
    () => import('@aws-sdk/client-s3'),
  );
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION } = process.env;
  const other = AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  const client = new sdk.S3Client({
    region: AWS_REGION ?? 'us-east-1',
    maxAttempts: 5,
    // A connection that hangs is another try.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
    // Servers other than Amazon's may know neither buckets as hosts' names nor its newer checksums.
    ...(other === undefined
      ? {}
      : {
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }),
  });
  const get = (location: Location) => client.send(new sdk.GetObjectCommand(partsOf(location)));
  const storage: Storage = {
    isLocal: false,
    async *list(folder) {
      const { Bucket, Key } = partsOf(`${folder.replace(/\/+$/, '')}/`);
      let ContinuationToken: string | undefined;
      do {
        const page = await told(
          folder,
          client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: Key, ContinuationToken })),
        );
        for (const { Key: key, Size, ETag } of page.Contents ?? [])
          if (key !== undefined)
            yield { location: `s3://${Bucket}/${key}`, size: Size ?? 0, version: ETag ?? '' };
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    async stat(location): Promise<StoredFile | undefined> {
      const head = await told(location, client.send(new sdk.HeadObjectCommand(partsOf(location))), true);
      return head && { location, size: head.ContentLength ?? 0, version: head.ETag ?? '' };
    },
    async fetch(file, inParts = false) {
      const { location, size, version } = file;
      if (inParts && size >= LARGE) {
        ranges ??= RangeServer.start();
        const read = async (from: number, to: number, abortSignal: AbortSignal) => {
          const part = { ...partsOf(location), Range: `bytes=${from}-${to - 1}`, IfMatch: version };
          const { Body } = await told(location, client.send(new sdk.GetObjectCommand(part), { abortSignal }));
          return bytesOf(location, Body as Readable);
        };
        const served = (await ranges).serve({ size, ending: endingOf(location), read });
        return { path: served.address, failure: served.failure, release: async () => served.end() };
      }
      const folder = temporaryFolder('fetched');
      try {
        const path = join(folder.path, `file.${endingOf(location) || 'bin'}`);
        const { Body } = await told(location, get(location));
        await toFile(path, location, Body as Readable);
        const { size: came } = await stat(path);
        if (came !== size) throw new Error(`${location}: ${came} bytes came of ${size}`);
        return { path, release: async () => folder[Symbol.dispose]() };
      } catch (error) {
        folder[Symbol.dispose]();
        throw error;
      }
    },
    async read(location) {
      const object = await told(location, get(location), true);
      return object && bytesOf(location, object.Body as Readable);
    },
    async write(location, data) {
      await told(
        location,
        client.send(new sdk.PutObjectCommand({ ...partsOf(location), Body: Buffer.from(data) })),
      );
      traffic.written += data.length;
    },
    async put(location, path) {
      await told(location, putFile(client, sdk, location, path));
      traffic.written += (await stat(path)).size;
    },
    async remove(folder) {
      const { Bucket } = partsOf(folder);
      let keys: { Key: string }[] = [];
      const removeThem = async () => {
        const Objects = keys;
        keys = [];
        if (Objects.length > 0)
          await told(
            folder,
            client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })),
          );
      };
      for await (const { location } of storage.list(folder)) {
        keys.push({ Key: partsOf(location).Key });
        if (keys.length === KEYS_A_REMOVAL) await removeThem();
      }
      await removeThem();
    },
  };
  return storage;
}

async function putFile(
  client: S3Client,
  sdk: typeof import('@aws-sdk/client-s3'),
  location: Location,
  path: string,
): Promise<void> {
  const { size } = await stat(path);
  const Body = createReadStream(path);
  const params = { ...partsOf(location), Body };
  if (size <= LARGEST_PUT) {
    await client.send(new sdk.PutObjectCommand({ ...params, ContentLength: size }));
    return;
  }
  const { Upload } = await optional('s3://', '@aws-sdk/lib-storage', () => import('@aws-sdk/lib-storage'));
  await new Upload({ client, params }).done();
}

/** @throws OutputError for a disk that is full; Error for bytes that do not come */
async function toFile(path: string, location: Location, body: Readable): Promise<void> {
  try {
    await pipeline(body, counted, createWriteStream(path));
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException;
    if (syscall === 'write' && /^(ENOSPC|EDQUOT|EFBIG)$/.test(code)) throw outputErrorFor(tmpdir(), error);
    throw new Error(`${location}: its bytes do not come (${code || messageOf(error)})`);
  }
}

async function bytesOf(location: Location, body: Readable): Promise<Buffer> {
  try {
    return await buffer(counted(body));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${location}: its bytes do not come (${code ?? messageOf(error)})`);
  }
}

function partsOf(location: Location): { Bucket: string; Key: string } {
  const [, Bucket, Key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(location) ?? [];
  if (Bucket === undefined)
    throw new InputError(`${location}: is no place in a bucket, such as s3://bucket/folder`);
  return { Bucket, Key };
}

interface Refusal {
  readonly name: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Says in one line what a bucket answered. Nothing of a request is quoted: it may hold credentials. */
async function told<T>(location: Location, asking: Promise<T>): Promise<T>;
async function told<T>(location: Location, asking: Promise<T>, mayMiss: true): Promise<T | undefined>;
async function told<T>(location: Location, asking: Promise<T>, mayMiss = false): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    const { name, code, $metadata } = error as Refusal;
    const status = $metadata?.httpStatusCode;
    if (status === 404 && mayMiss && name !== 'NoSuchBucket') return undefined;
    if (status === 404) throw new InputError(`${location}: is not there (${name})`);
    if (status === 401 || status === 403 || name === 'CredentialsProviderError')
      throw new InputError(`${location}: is not allowed with the credentials of this machine (${name})`);
    const certificate = untrusted(code);
    if (certificate !== undefined) throw new InputError(`${location}: ${certificate}`);
    throw new Error(
      `${location}: the storage does not answer as it should (${code ?? name}${status ? `, ${status}` : ''})`,
    );
  }
}
