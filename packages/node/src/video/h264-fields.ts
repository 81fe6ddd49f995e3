/** Whether an H.264 stream may code fields, by its sequence parameter set (ITU-T H.264, 7.3.2.1.1). */

const SPS = 7;
/** Profiles whose parameter sets say more of chroma, bit depth and scaling. */
const HIGH_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);

/**
 * False where every picture is coded as a frame (`frame_mbs_only_flag`), or where the parameter set is missing or
 * damaged. Where it is true, blocks of fields may occur in pictures that are flagged as progressive, too.
 *
 * @param extradata of the stream: an avcC record, or units with start codes
 */
export function mayCodeFields(extradata: Uint8Array | null): boolean {
  const unit = extradata && parameterSet(extradata);
  if (!unit) return false;
  try {
    return !readsFramesOnly(new BitReader(withoutEmulation(unit)));
  } catch {
    return false;
  }
}

/** The first sequence parameter set's bytes, behind its unit's header. */
function parameterSet(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] === 1) {
    const length = (bytes[6] << 8) | bytes[7];
    return (bytes[5] & 31) > 0 ? bytes.subarray(9, 8 + length) : undefined;
  }
  for (let at = 0; at + 4 < bytes.length; at++) {
    const starts = bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1;
    if (starts && (bytes[at + 3] & 31) === SPS) return bytes.subarray(at + 4);
  }
  return undefined;
}

/** Takes out the threes that keep zeros from looking like a start code. */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => !(byte === 3 && i >= 2 && bytes[i - 1] === 0 && bytes[i - 2] === 0));
}

function readsFramesOnly(bits: BitReader): boolean {
  const profile = bits.read(8);
  bits.read(16);
  bits.unsigned();
  if (HIGH_PROFILES.has(profile)) skipHighProfile(bits);
  bits.unsigned();
  const orderType = bits.unsigned();
  if (orderType === 0) bits.unsigned();
  else if (orderType === 1) {
    bits.read(1);
    bits.unsigned();
    bits.unsigned();
    for (let left = bits.unsigned(); left > 0; left--) bits.unsigned();
  }
  bits.unsigned();
  bits.read(1);
  bits.unsigned();
  bits.unsigned();
  return bits.read(1) === 1;
}

function skipHighProfile(bits: BitReader): void {
  const chroma = bits.unsigned();
  if (chroma === 3) bits.read(1);
  bits.unsigned();
  bits.unsigned();
  bits.read(1);
  if (bits.read(1) === 0) return;
  for (let list = 0; list < (chroma === 3 ? 12 : 8); list++) {
    if (bits.read(1) === 1) skipScalingList(bits, list < 6 ? 16 : 64);
  }
}

function skipScalingList(bits: BitReader, size: number): void {
  let [last, next] = [8, 8];
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.signed() + 256) % 256;
    if (next !== 0) last = next;
  }
}

class BitReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) {
      if (this.at >= 8 * this.bytes.length) throw new RangeError('the parameter set ends early');
      value = 2 * value + ((this.bytes[this.at >> 3] >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }

  /** Exponential Golomb code ue(v). */
  unsigned(): number {
    let zeros = 0;
    while (this.read(1) === 0) if (++zeros > 32) throw new RangeError('no such number');
    return 2 ** zeros - 1 + this.read(zeros);
  }

  /** se(v). */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
