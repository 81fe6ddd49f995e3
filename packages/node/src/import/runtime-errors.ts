/** ONNX Runtime's reasons for not opening a network, in words for whoever exported it. */

/** Where in its sources it gave up: file, line and function, before the reason. */
const PLACE = /\S*onnxruntime_src\S*:\d+ .*?\)\s+(?=\S)/gs;

const REASONS: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [
    /Opset (\d+) is under development.*?support for domain (\S+) is till opset (\d+)/s,
    (opset, domain, most) =>
      `is of operator set ${opset} of ${domain}, and ONNX Runtime here knows those up to ${most}; export it with opset_version=${most} or less`,
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    (version, most) =>
      `is of the ONNX format's version (IR) ${version}, and ONNX Runtime here reads those up to ${most}; save it by an older onnx`,
  ],
  [
    /Could not find an implementation for ([\w.]+)\((\d+)\)/,
    (operator, version) =>
      `has the operator ${operator} of operator set ${version}, which ONNX Runtime here cannot compute; export it with another opset_version, such as 17`,
  ],
  [
    /([\w.]+):(\w+)\(-?\d+\) is not a registered function\/op/,
    (domain, operator) =>
      `has the operator ${domain}.${operator}, which ONNX Runtime does not have here; export the network in ONNX's own operators`,
  ],
  [
    /No Op registered for (\w+) with domain_version of (\d+)/,
    (operator, opset) =>
      `has the operator ${operator}, which operator set ${opset} does not have; export it with the opset_version that has it`,
  ],
];

/** What is wrong with a network that ONNX Runtime refused, to follow its file's name. */
export function refusalReason(message: string): string {
  for (const [pattern, reason] of REASONS) {
    const found = pattern.exec(message);
    if (found) return reason(...found.slice(1));
  }
  return `is no network that ONNX Runtime can open: ${plain(message)}`;
}

/** Its message in one line, without places in its sources. */
export function plain(message: string): string {
  return message.replace(PLACE, '').trim().replace(/\s+/g, ' ');
}
