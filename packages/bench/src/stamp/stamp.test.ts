import { PAPER_MODEL } from '@twnet/node/model/model';
import { modelDigest } from '@twnet/node/model/model-files';
import { describe, expect, it } from 'vitest';
import { commandLine, measurementStamp } from './stamp.js';

describe('commandLine', () => {
  it('names data without the folders of the machine', () => {
    expect(commandLine(['benchmark', 'stills', '--data', '/home/ada/sets/camvid'], '/work')).toBe(
      'twnet benchmark stills --data camvid',
    );
    expect(commandLine(['--images', '/a/b/clip/images', '--data=/x/y/camvid'], '/work')).toBe(
      'twnet --images clip/images --data=camvid',
    );
    expect(commandLine(['flicker', '../../video/drive.mp4', '../c/images/train'], '/work/here')).toBe(
      'twnet flicker drive.mp4 c/images/train',
    );
  });

  it('leaves what lies below the working directory, and what is no path', () => {
    expect(
      commandLine(
        ['--model', 'weights/a', '/work/runs/key', '--size', '480x360', '--layers', '1,2'],
        '/work',
      ),
    ).toBe('twnet --model weights/a runs/key --size 480x360 --layers 1,2');
  });
});

describe('measurementStamp', () => {
  it('has the digest of the weights that ship where no model is given', async () => {
    const stamp = await measurementStamp([], ['benchmark', 'cost']);
    expect(stamp.weights).toEqual([{ name: 'camvid-mobilenet-v1', digest: await modelDigest(PAPER_MODEL) }]);
    expect(stamp.command).toBe('twnet benchmark cost');
    expect(stamp.machine.cores).toBeGreaterThan(0);
    expect(stamp.version).toBe(stamp.machine.twnet);
  });
});
