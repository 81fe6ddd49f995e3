/** Rules over what cameras see, and where their events go. */
import { InputError } from '@twnet/core/errors';
import { AreaWatch } from '@twnet/core/live/area-rules';
import type { CameraFrame } from '@twnet/node/live/camera';
import {
  EventDelivery,
  type EventSink,
  eventFile,
  type LiveEvent,
  mqttBroker,
  webhook,
} from '@twnet/node/live/event-sinks';
import type { LiveFlags } from './flags.js';
import type { RuleSpec } from './rule-option.js';

export interface RuleEvents {
  readonly onEvent: (event: LiveEvent) => void;
  readonly onProblem: (problem: string) => void;
}

export class RuleWatcher {
  private constructor(
    private readonly watches: ReadonlyMap<string, readonly AreaWatch[]>,
    private readonly deliveries: readonly EventDelivery[],
    private readonly events: RuleEvents,
  ) {}

  /** @throws InputError for classes and cameras that are not there, and sinks without a rule */
  static async open(
    cameras: readonly string[],
    classes: readonly string[],
    { rule: rules = [], events: file, webhook: hook, mqtt }: LiveFlags,
    events: RuleEvents,
  ): Promise<RuleWatcher> {
    if (rules.length === 0 && (file ?? hook ?? mqtt) !== undefined)
      throw new InputError('--events, --webhook and --mqtt: are for events of rules; add --rule');
    const watches = new Map(
      cameras.map((camera) => [
        camera,
        rules
          .filter((rule) => rule.camera === undefined || rule.camera === camera)
          .map((rule) => watchOf(rule, classes)),
      ]),
    );
    for (const { name, camera } of rules)
      if (camera !== undefined && !cameras.includes(camera))
        throw new InputError(
          `--rule ${camera}/${name}: no source is called ${camera}; there is ${cameras.join(', ')}`,
        );
    const sinks: EventSink[] = [
      ...(file === undefined ? [] : [eventFile(file)]),
      ...(hook === undefined ? [] : [webhook(hook)]),
      ...(mqtt === undefined ? [] : [await mqttBroker(mqtt)]),
    ];
    return new RuleWatcher(
      watches,
      sinks.map((sink) => new EventDelivery(sink, events.onProblem)),
      events,
    );
  }

  look({ camera, labels, labelSize, seconds }: CameraFrame): void {
    for (const watch of this.watches.get(camera) ?? []) {
      const told = watch.look(labels, labelSize, seconds);
      if (!told) continue;
      const event = {
        ...{ at: new Date().toISOString(), camera, ...told },
        seconds: Number(seconds.toFixed(3)),
        share: Number(told.share.toFixed(5)),
      };
      this.events.onEvent(event);
      for (const delivery of this.deliveries) delivery.add(event);
    }
  }

  async finish(): Promise<void> {
    await Promise.all(this.deliveries.map((delivery) => delivery.finish()));
  }
}

function watchOf(rule: RuleSpec, classes: readonly string[]): AreaWatch {
  const ids = rule.classes.map((name) => {
    const id = classes.indexOf(name);
    if (id < 0)
      throw new InputError(
        `--rule ${rule.name}: the model has no class ${name}; it has ${classes.join(', ')}`,
      );
    return id;
  });
  return new AreaWatch({ ...rule, classes: ids });
}
