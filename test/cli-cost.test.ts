/** `twnet benchmark cost` as a process. */

import { networkCost } from '@twnet/core/network/cost';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import { expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

it('prints every network of a backbone, by module', async () => {
  const args = ['benchmark', 'cost', '--backbones', 'resnet-18', '--size', '96x64', '--classes', '5'];
  const [text, json] = await Promise.all([twnet(...args), twnet(...args, '--json')]);
  expect([text.stderr, json.stderr]).toEqual(['', '']);
  const { networks } = JSON.parse(json.stdout);
  expect(networks.map(({ network }: { network: unknown }) => network)).toEqual(['per-frame', 1, 2, 3]);
  expect(networks[1]).toMatchObject(networkCost(nonKeyFrameNetwork('resnet-18', 5, 1), 64, 96));
  const { parameters } = networkCost(keyFrameNetwork('resnet-18', 5), 64, 96);
  expect(text.stdout).toContain(parameters.toLocaleString('en'));
  expect(text.stdout).toMatch(/RGA +0\.0\d+ +28\n/);
});

it('counts a tail of low rank', async () => {
  const args = ['--backbones', 'mobilenet-v1', '--size', '96x64', '--tail-rank', '32', '--json'];
  const { networks } = JSON.parse((await twnet('benchmark', 'cost', ...args)).stdout);
  const network = nonKeyFrameNetwork('mobilenet-v1', 11, 2, undefined, 32);
  expect(networks[2]).toMatchObject(networkCost(network, 64, 96));
});

it('names a backbone that there is not', async () => {
  expectOneLine(
    await twnetHere('benchmark', 'cost', '--backbones', 'vgg'),
    2,
    /no vgg; choose among mobilenet-v1/,
  );
});
