import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { type Access, allows, demand, type Gate } from "./access";
import type { Channels, Subscriber } from "./channel";
import { ACTION, errorBody, FLAG, type ProtocolMessage, Refusal } from "./protocol";

/** A client is asked for its next token so long before the present one ends, like Ably. */
const RENEWAL_MARGIN_MS = 30_000;
const IDLE_MS = 15_000;

interface Attachment extends Subscriber {
  name: string;
}

/** One client over its websocket. */
export class Connection {
  readonly id = randomBytes(6).toString("base64url");
  private readonly attachments = new Map<string, Attachment>();
  private readonly heartbeat: NodeJS.Timeout;
  private renewal: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocket,
    private access: Access,
    private readonly gate: Gate,
    private readonly channels: Channels,
    private readonly onDelivered: (channel: string) => void,
  ) {
    this.heartbeat = setInterval(() => this.send({ action: ACTION.HEARTBEAT }), IDLE_MS * 0.8);
    this.greet();
    socket.on("message", (data) => this.receive(JSON.parse(String(data)) as ProtocolMessage));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(this.heartbeat);
      clearTimeout(this.renewal);
      clearTimeout(this.expiry);
      for (const attachment of this.attachments.values()) channels.detach(attachment.name, attachment);
    });
  }

  /** Gone without a word, as when the network breaks. */
  cut(): void {
    this.socket.terminate();
  }

  /** Says that messages of every channel were lost on the way, without breaking the connection. */
  breakContinuity(): void {
    const error = new Refusal(80018, 400, "Continuity lost").body;
    for (const channel of this.attachments.keys()) {
      const channelSerial = this.channels.serialOf(this.channels.now());
      this.send({ action: ACTION.ATTACHED, channel, channelSerial, flags: FLAG.SUBSCRIBE, error });
    }
  }

  /** Tells it off when its token has been revoked meanwhile. */
  checkRevocation(): void {
    if (this.gate.isRevoked(this.access)) this.end(ACTION.DISCONNECTED, new Refusal(40141, 401, "Token revoked"));
  }

  private send(message: ProtocolMessage): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private end(action: number, refusal: Refusal): void {
    this.send({ action, error: refusal.body });
    this.socket.close();
  }

  private greet(): void {
    clearTimeout(this.renewal);
    clearTimeout(this.expiry);
    this.send({
      action: ACTION.CONNECTED,
      connectionId: this.id,
      connectionDetails: {
        connectionKey: `${this.id}!${randomBytes(4).toString("hex")}`,
        maxMessageSize: 65_536,
        maxInboundRate: 50,
        maxFrameSize: 524_288,
        connectionStateTtl: 120_000,
        maxIdleInterval: IDLE_MS,
        serverId: "stand-in",
      },
    });
    const left = this.access.expires - Date.now();
    if (!Number.isFinite(left)) return;
    // With less than the margin left Ably does not ask; the connection breaks and comes back with a new token.
    if (left > RENEWAL_MARGIN_MS) this.renewal = setTimeout(() => this.send({ action: ACTION.AUTH }), left - RENEWAL_MARGIN_MS);
    this.expiry = setTimeout(() => this.end(ACTION.DISCONNECTED, new Refusal(40142, 401, "Token expired")), left);
  }

  private receive(message: ProtocolMessage): void {
    const { channel } = message;
    try {
      if (message.action === ACTION.HEARTBEAT) this.send({ action: ACTION.HEARTBEAT, ...(message.id && { id: message.id }) });
      else if (message.action === ACTION.AUTH) this.renew(message.auth?.accessToken ?? "");
      else if (message.action === ACTION.CLOSE) {
        this.send({ action: ACTION.CLOSED });
        this.socket.close();
      } else if (message.action === ACTION.DISCONNECT) this.socket.close();
      else if (channel !== undefined) this.receiveForChannel(channel, message);
    } catch (thrown) {
      this.send({ action: ACTION.ERROR, ...(channel !== undefined && { channel }), error: errorBody(thrown) });
    }
  }

  private receiveForChannel(channel: string, message: ProtocolMessage): void {
    if (message.action === ACTION.ATTACH) this.attach(channel, message);
    else if (message.action === ACTION.DETACH) {
      this.detach(channel);
      this.send({ action: ACTION.DETACHED, channel });
    } else if (message.action === ACTION.MESSAGE) {
      const about = { msgSerial: message.msgSerial ?? 0, count: 1 };
      try {
        demand(this.access, "publish", channel);
        this.channels.publish(channel, message.messages ?? []);
        this.send({ action: ACTION.ACK, ...about });
      } catch (thrown) {
        this.send({ action: ACTION.NACK, ...about, error: errorBody(thrown) });
      }
    }
  }

  private renew(token: string): void {
    try {
      this.access = this.gate.admit({ token });
    } catch (thrown) {
      this.send({ action: ACTION.ERROR, error: errorBody(thrown) });
      this.socket.close();
      return;
    }
    this.greet();
    for (const name of [...this.attachments.keys()].filter((attached) => !allows(this.access, "subscribe", attached))) {
      this.detach(name);
      this.send({ action: ACTION.ERROR, channel: name, error: new Refusal(40160, 401, "The new token does not cover it").body });
    }
  }

  private attach(name: string, { channelSerial, flags = 0, params = {} }: ProtocolMessage): void {
    const granted =
      (allows(this.access, "subscribe", name) ? FLAG.SUBSCRIBE : 0) | (allows(this.access, "publish", name) ? FLAG.PUBLISH : 0);
    const modes = (flags & (FLAG.SUBSCRIBE | FLAG.PUBLISH) || FLAG.SUBSCRIBE | FLAG.PUBLISH) & granted;
    if (modes === 0) throw new Refusal(40160, 401, `Channel denied access based on given capability: ${name}`);
    this.detach(name);
    const { replayed, resumed, error } = this.backlog(name, channelSerial, params.rewind);
    const start = replayed[0] ? replayed[0].position - 1 : this.channels.now();
    this.send({
      action: ACTION.ATTACHED,
      channel: name,
      channelSerial: this.channels.serialOf(start),
      flags: modes | (resumed ? FLAG.RESUMED : 0) | (replayed.length > 0 ? FLAG.HAS_BACKLOG : 0),
      ...(Object.keys(params).length > 0 && { params }),
      ...(error && { error: error.body }),
    });
    if ((modes & FLAG.SUBSCRIBE) === 0) return;
    const attachment: Attachment = {
      name,
      deliver: (messages, serial) => {
        this.send({
          action: ACTION.MESSAGE,
          channel: name,
          id: messages[0]?.id ?? "",
          channelSerial: serial,
          timestamp: Date.now(),
          messages,
        });
        this.onDelivered(name);
      },
    };
    this.attachments.set(name, attachment);
    this.channels.attach(name, attachment);
    for (const { message, position } of replayed) attachment.deliver([message], this.channels.serialOf(position));
  }

  /** What comes again: after the client's last serial when it resumes, or the last `rewind` messages. */
  private backlog(name: string, channelSerial: string | undefined, rewind: string | undefined) {
    const log = this.channels.log(name);
    if (channelSerial !== undefined) {
      const from = this.channels.positionOf(channelSerial);
      if (from !== null) return { replayed: log.filter(({ position }) => position > from), resumed: true };
      return { replayed: [], resumed: false, error: new Refusal(80018, 400, "Unable to resume channel: continuity lost") };
    }
    const most = Math.min(100, Number(rewind ?? 0));
    return { replayed: most > 0 ? log.slice(-most) : [], resumed: false };
  }

  private detach(name: string): void {
    const attachment = this.attachments.get(name);
    if (!attachment) return;
    this.channels.detach(name, attachment);
    this.attachments.delete(name);
  }
}
