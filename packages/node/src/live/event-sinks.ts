/** Where events go: a file, a webhook, MQTT. What cannot be delivered is tried again, and in the end left out. */
import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, messageOf } from '@twnet/core/errors';
import { nameOf } from '../video/source/open-container.js';

/** What a rule has told. */
export interface LiveEvent {
  readonly at: string;
  readonly camera: string;
  readonly rule: string;
  readonly event: 'enters' | 'leaves';
  readonly seconds: number;
  readonly share: number;
}

export interface EventSink {
  readonly name: string;
  send(event: LiveEvent): Promise<void>;
  close?(): Promise<void>;
}

/** Lines of JSON, appended to what is there. */
export const eventFile = (path: string): EventSink => ({
  name: path,
  send: (event) => appendFile(path, `${JSON.stringify(event)}\n`),
});

/** Milliseconds that a server has to answer. */
const ANSWER = 5000;

/** @throws InputError */
export function webhook(address: string): EventSink {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new InputError(`--webhook ${nameOf(address)}: must be an address, http:… or https:…`);
  return {
    name: nameOf(address),
    async send(event) {
      const { ok, status } = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
        signal: AbortSignal.timeout(ANSWER),
      });
      if (!ok) throw new Error(`HTTP ${status}`);
    },
  };
}

/**
 * Publishes to `PREFIX/CAMERA/RULE`.
 *
 * @param address mqtt://broker/prefix; the prefix is `twnet` unless given
 * @throws InputError
 */
export async function mqttBroker(address: string): Promise<EventSink> {
  if (!/^(?:mqtts?|wss?):\/\//.test(address) || !URL.canParse(address))
    throw new InputError(`--mqtt ${nameOf(address)}: must be an address, mqtt://broker or mqtts://broker`);
  const url = new URL(address);
  const prefix = url.pathname.replace(/^\/|\/$/g, '') || 'twnet';
  if (url.protocol.startsWith('mqtt')) url.pathname = '';
  const { default: mqtt } = await import('mqtt').catch(() => {
    throw new InputError('--mqtt: needs the package mqtt, which was left out: npm install mqtt');
  });
  const client = mqtt.connect(url.href, {
    reconnectPeriod: 1000,
    connectTimeout: ANSWER,
    queueQoSZero: false,
  });
  client.on('error', () => undefined);
  return {
    name: nameOf(address),
    async send(event) {
      if (!client.connected) throw new Error('is not connected');
      await client.publishAsync(`${prefix}/${event.camera}/${event.rule}`, JSON.stringify(event), { qos: 1 });
    },
    close: () => client.endAsync(true),
  };
}

/** Events that wait for a sink, at most: the oldest are left out. */
const MOST_WAITING = 1000;
const WAIT = { first: 500, most: 30_000 };

/** Delivers events in their order, and nobody waits for it. */
export class EventDelivery {
  private readonly waiting: LiveEvent[] = [];
  private readonly ended = new AbortController();
  private working: Promise<void> | undefined;
  dropped = 0;

  constructor(
    private readonly sink: EventSink,
    private readonly onProblem: (problem: string) => void,
  ) {}

  add(event: LiveEvent): void {
    this.waiting.push(event);
    if (this.waiting.length > MOST_WAITING) {
      this.waiting.shift();
      this.dropped++;
    }
    this.working ??= this.deliver().finally(() => {
      this.working = undefined;
    });
  }

  /** Those that wait are tried once more. */
  async finish(): Promise<void> {
    this.ended.abort();
    await this.working;
    await this.sink.close?.().catch(() => undefined);
  }

  private async deliver(): Promise<void> {
    let wait = WAIT.first;
    for (let [event] = this.waiting; event; [event] = this.waiting) {
      try {
        await this.sink.send(event);
        if (this.waiting[0] === event) this.waiting.shift();
        wait = WAIT.first;
      } catch (error) {
        if (wait === WAIT.first) this.onProblem(`${this.sink.name}: ${messageOf(error)}; trying again`);
        if (this.ended.signal.aborted) {
          this.dropped += this.waiting.splice(0).length;
          return;
        }
        await sleep(wait, undefined, { signal: this.ended.signal }).catch(() => undefined);
        wait = Math.min(2 * wait, WAIT.most);
      }
    }
  }
}
