/** `--rule`: as one writes it. */
import type { AreaRule } from '@twnet/core/live/area-rules';
import { InvalidArgumentError } from 'commander';

/** Classes still by name. */
export interface RuleSpec extends Omit<AreaRule, 'classes'> {
  readonly classes: readonly string[];
  /** Of this camera alone. */
  readonly camera?: string;
}

const FORMAT = /^(?:([\w.-]+)\/)?([\w.-]+):([^:@~]+):([\d.]+)(?:@([\d.,:]+))?(?:~([\d.]+)s?)?$/;
const FORM =
  'It must be like door:pedestrian+bicyclist:0.02, with @0.1,0.2:0.9,0.2:0.5,1 for a region of it.';

/** `[camera/]name:class+class:share[@x,y:x,y:x,y][~seconds]`, added to those before. */
export function ruleOption(text: string, before: readonly RuleSpec[] = []): readonly RuleSpec[] {
  const match = FORMAT.exec(text.trim());
  if (!match) throw new InvalidArgumentError(FORM);
  const [, camera, name, classes, share, corners, after] = match;
  const polygon = corners?.split(':').map((corner) => corner.split(',').map(Number) as [number, number]);
  const isShare = (value: number) => value >= 0 && value <= 1;
  if (!(isShare(Number(share)) && Number(share) > 0)) throw new InvalidArgumentError(FORM);
  if (
    polygon &&
    (polygon.length < 3 || !polygon.every((corner) => corner.length === 2 && corner.every(isShare)))
  )
    throw new InvalidArgumentError(`${FORM} A region has three corners or more, shares of width and height.`);
  return [
    ...before,
    {
      ...{ name, classes: classes.split('+').map((each) => each.trim()), share: Number(share) },
      ...(camera === undefined ? {} : { camera }),
      ...(polygon ? { polygon } : {}),
      ...(after === undefined ? {} : { after: Number(after) }),
    },
  ];
}
