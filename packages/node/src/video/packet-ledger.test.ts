import { describe, expect, it } from 'vitest';
import { PacketLedger } from './packet-ledger.js';

/** Sends stamps in decoding order, then takes frames in display order: how many were missing before each. */
function missing(sent: readonly bigint[], delivered: readonly bigint[]) {
  const ledger = new PacketLedger();
  for (const stamp of sent) ledger.sent(stamp);
  return { before: delivered.map((stamp) => ledger.delivered(stamp)), atEnd: ledger.ended() };
}

describe('PacketLedger', () => {
  it('finds nothing missing in a reordered stream', () => {
    // I0 P3 B1 B2 P6 B4 B5.
    const display = [0n, 1n, 2n, 3n, 4n, 5n, 6n];
    expect(missing([0n, 3n, 1n, 2n, 6n, 4n, 5n], display)).toEqual({
      before: [0, 0, 0, 0, 0, 0, 0],
      atEnd: 0,
    });
  });

  it('finds swallowed frames, between others and at the end', () => {
    expect(missing([0n, 1n, 2n, 3n, 4n, 5n], [0n, 3n, 4n])).toEqual({ before: [0, 2, 0], atEnd: 1 });
  });

  it('does not take a clock set back (a splice) for a loss', () => {
    expect(missing([100n, 101n, 0n, 1n], [100n, 101n, 0n, 1n])).toEqual({ before: [0, 0, 0, 0], atEnd: 0 });
    expect(missing([100n, 0n, 101n], [100n, 0n, 101n])).toEqual({ before: [0, 0, 0], atEnd: 0 });
  });

  it('counts frames sent later, shown earlier, when one sent after them comes', () => {
    // B1 is swallowed: known once P4, sent after it, is there.
    expect(missing([0n, 2n, 1n, 4n, 3n], [0n, 2n, 3n, 4n])).toEqual({ before: [0, 0, 1, 0], atEnd: 0 });
  });

  it('forgets stamps that never come rather than growing', () => {
    const ledger = new PacketLedger();
    for (let stamp = 0n; stamp < 10_000n; stamp++) ledger.sent(stamp);
    expect(ledger.ended()).toBeLessThanOrEqual(256);
  });
});
