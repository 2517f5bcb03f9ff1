import { randomBytes } from "node:crypto";
import { type Message, Refusal } from "./protocol";

export interface Entry {
  /** Position over all channels. */
  position: number;
  message: Message;
}

/** Whoever is attached. */
export interface Subscriber {
  deliver(messages: Message[], channelSerial: string): void;
}

const MOST_BYTES = 64 * 1024;

const sizeOf = ({ name = "", data }: Message): number =>
  Buffer.byteLength(name) + Buffer.byteLength(typeof data === "string" ? data : JSON.stringify(data ?? ""));

/** What goes wrong on purpose with the next messages. */
export interface Mischief {
  /** Accepted, and delivered to nobody. */
  lose: number;
  /** Delivered twice. */
  duplicate: number;
}

/** All channels of the app, with what was published to each. Nothing is ever forgotten unless `forget` is called. */
export class Channels {
  readonly mischief: Mischief = { lose: 0, duplicate: 0 };
  private readonly byName = new Map<string, { log: Entry[]; ids: Set<string>; subscribers: Set<Subscriber> }>();
  private position = 0;
  /** Part of every serial: what a client knows from before `forget` cannot be resumed. */
  private epoch = randomBytes(4).toString("hex");

  private channel(name: string) {
    let channel = this.byName.get(name);
    if (!channel) {
      channel = { log: [], ids: new Set(), subscribers: new Set() };
      this.byName.set(name, channel);
    }
    return channel;
  }

  names = (): string[] => [...this.byName.keys()];
  log = (name: string): readonly Entry[] => this.channel(name).log;
  subscriberCount = (name: string): number => this.channel(name).subscribers.size;

  serialOf = (position: number): string => `${String(position).padStart(16, "0")}@${this.epoch}`;

  /** Null for a serial of before `forget`. */
  positionOf(serial: string): number | null {
    const [position, epoch] = serial.split("@");
    return epoch === this.epoch ? Number(position) : null;
  }

  now = (): number => this.position;

  /** As an outage of over two minutes: messages so far, and the places of clients in them, are gone. */
  forget(): void {
    for (const channel of this.byName.values()) channel.log = [];
    this.epoch = randomBytes(4).toString("hex");
  }

  attach(name: string, subscriber: Subscriber): void {
    this.channel(name).subscribers.add(subscriber);
  }

  detach(name: string, subscriber: Subscriber): void {
    this.channel(name).subscribers.delete(subscriber);
  }

  /** Publishes once per message id, like Ably. */
  publish(name: string, messages: Message[]): void {
    const channel = this.channel(name);
    const size = messages.reduce((sum, message) => sum + sizeOf(message), 0);
    if (size > MOST_BYTES) throw new Refusal(40009, 413, `Maximum message length exceeded (${size} > ${MOST_BYTES})`);
    const [first] = messages;
    if (first?.id !== undefined) {
      if (channel.ids.has(first.id)) return;
      channel.ids.add(first.id);
    }
    const base = randomBytes(6).toString("base64url");
    const entries = messages.map((message, index): Entry => {
      const position = ++this.position;
      const id = message.id ?? `${base}:${index}`;
      return { position, message: { ...message, id, timestamp: Date.now(), serial: this.serialOf(position) } };
    });
    if (this.mischief.lose > 0) {
      this.mischief.lose -= 1;
      return;
    }
    channel.log.push(...entries);
    const serial = this.serialOf(this.position);
    const times = this.mischief.duplicate > 0 ? 2 : 1;
    this.mischief.duplicate -= times - 1;
    for (const subscriber of channel.subscribers) {
      for (let time = 0; time < times; time++) {
        subscriber.deliver(
          entries.map(({ message }) => message),
          serial,
        );
      }
    }
  }
}
