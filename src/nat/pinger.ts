import type { Clock, Timer } from '../base/clock.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { Random } from '../base/random.ts';
import { type Binding, bindingFlags, isValid } from '../location/binding.ts';
import { StoreError } from '../location/store-error.ts';
import type { SipResponse } from '../sip/message.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri, type SipUri } from '../sip/uri.ts';
import type { Hop, Listener } from '../transport/flow.ts';
import { familyOf } from '../transport/ip-address.ts';
import { PingRound } from './ping-round.ts';
import { SipPings } from './sip-ping.ts';

/** nathelper's parameters that concern pings. */
export interface PingerOptions {
  /** `natping_interval`: seconds in which every contact is pinged once; 0 = never. */
  readonly natpingInterval: number;
  /** `ping_nated_only`: only contacts that `save` marked as NATed. */
  readonly pingNatedOnly: boolean;
  /** `sipping_from`: From of a SIP ping; undefined or empty = no SIP pings, whatever the contacts ask for. */
  readonly sippingFrom?: string | undefined;
  /** `sipping_method`: method of a SIP ping. */
  readonly sippingMethod: string;
  /** `force_socket`: the listener that pings contacts without a stored socket, as `udp:192.0.2.1:5060`. */
  readonly forceSocket?: string | undefined;
}

/** What the pinger acts through. */
export interface PingerPort {
  readonly clock: Clock;
  readonly random: Random;
  /** Where pings can leave from. */
  readonly listeners: readonly Listener[];
  /** How many bindings there are, expired ones perhaps included. What has to be counted first is asked once a round. */
  count(): MaybePromise<number>;
  /** All bindings. The iteration is spread over a whole interval, so it must bear changes between its steps. */
  bindings(): Iterable<Binding> | AsyncIterable<Binding>;
  /** The addresses of a host (RFC 3263); at once for an IP literal. */
  resolve(uri: SipUri): MaybePromise<readonly Hop[] | SipError>;
  /** Sends one datagram. */
  send(hop: Hop, listener: Listener, bytes: Buffer): void;
}

/** What happened since the start. */
export interface PingerStatistics {
  readonly udpPings: number;
  readonly sipPings: number;
  readonly answers: number;
  /** Contacts that could not be pinged: no UDP, no address, or no listener of that address family. */
  readonly skipped: number;
  /** Rounds that ended early because the store could not be asked. */
  readonly failures: number;
}

/** How often the pinger wakes at most, milliseconds. Above 50 contacts a second it sends several at a time. */
const MIN_GAP_MS = 20;

/**
 * Holds the NATs in front of phones open: within each `natping_interval` every binding gets one datagram. Rather than
 * in one burst, which would knock on all the phones' routers and our own queue at once, the pings are spread evenly
 * over the interval.
 *
 * A ping is four zero bytes, which phones ignore (RFC 5626 calls for more, but old phones know only this), or a SIP
 * request when the binding was marked for it by `sip_natping_flag` and `sipping_from` is set. It goes to the stored
 * received URI, else to the contact, over UDP; a connection needs no pings from here.
 */
export class Pinger {
  readonly #options: PingerOptions;
  readonly #port: PingerPort;
  readonly #sipPings: SipPings;
  readonly #zeroes = Buffer.alloc(4);
  #timer: Timer | undefined;
  /** Undefined before the start and after the end. */
  #round: PingRound | undefined;
  #udpPingCount = 0;
  #sipPingCount = 0;
  #answerCount = 0;
  #skippedCount = 0;
  #failureCount = 0;

  constructor(options: PingerOptions, port: PingerPort) {
    this.#options = options;
    this.#port = port;
    this.#sipPings = new SipPings(port.random.token());
  }

  get statistics(): PingerStatistics {
    return {
      udpPings: this.#udpPingCount,
      sipPings: this.#sipPingCount,
      answers: this.#answerCount,
      skipped: this.#skippedCount,
      failures: this.#failureCount,
    };
  }

  /** Begins the first round; does nothing when the interval is 0 or the pinger runs already. */
  start(): void {
    if (this.#options.natpingInterval <= 0 || this.#round) return;
    this.#beginRound();
  }

  /** Sends no further ping. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#round?.close();
    this.#round = undefined;
  }

  /** Swallows the answer to one of our SIP pings: true when `response` is one and goes nowhere else. */
  absorb(response: SipResponse): boolean {
    if (!this.#sipPings.answers(response, this.#options.sippingMethod)) return false;
    this.#answerCount += 1;
    return true;
  }

  get #intervalMs(): number {
    return this.#options.natpingInterval * 1000;
  }

  #beginRound(): void {
    const { clock } = this.#port;
    const round = new PingRound(this.#port.bindings(), clock.now(), (binding) => this.#ping(binding, clock.now()));
    this.#round = round;
    this.#arm(round);
  }

  /** Waits for the next ping that falls due, or for the end of the round when there is none. */
  #arm(round: PingRound): void {
    if (round.isOver) {
      this.#sleep(round, Number.POSITIVE_INFINITY);
      return;
    }
    this.#goOn(round, this.#count(round), (count) => {
      this.#sleep(round, (this.#intervalMs / Math.max(1, count)) * (round.visited + 1));
    });
  }

  /** @param dueMs when to wake up, counted from the beginning of the round */
  #sleep(round: PingRound, dueMs: number): void {
    const elapsedMs = this.#port.clock.now() - round.startedAt;
    const leftMs = Math.min(Math.max(0, this.#intervalMs - elapsedMs), this.#intervalMs);
    const delayMs = Math.min(Math.max(dueMs - elapsedMs, MIN_GAP_MS), leftMs);
    this.#timer = this.#port.clock.after(Math.ceil(delayMs), () => this.#tick(round));
  }

  #tick(round: PingRound): void {
    const elapsedMs = this.#port.clock.now() - round.startedAt;
    // A clock that was set back begins a new round, rather than to be silent until it has caught up.
    if (elapsedMs >= this.#intervalMs || elapsedMs < 0) {
      this.#goOn(round, round.advance(Number.POSITIVE_INFINITY), () => this.#beginRound());
      return;
    }
    this.#goOn(round, this.#count(round), (count) => {
      const due = Math.floor((count * elapsedMs) / this.#intervalMs);
      this.#goOn(round, round.advance(due), () => this.#arm(round));
    });
  }

  #count(round: PingRound): MaybePromise<number> {
    if (round.count !== undefined) return round.count;
    const count = this.#port.count();
    if (!isPromise(count)) return count;
    return count.then((late) => {
      round.count = late;
      return late;
    });
  }

  /**
   * Goes on with a round when what it waits for is there: at once, or when a database has answered. Meanwhile no timer
   * runs, so a database is asked one thing at a time.
   */
  #goOn<T>(round: PingRound, value: MaybePromise<T>, next: (value: T) => void): void {
    if (!isPromise(value)) {
      if (this.#round === round) next(value);
      return;
    }
    value.then(
      (late) => {
        if (this.#round === round) next(late);
      },
      (error: unknown) => this.#fail(round, error),
    );
  }

  /** The store could not be asked: whoever has not been pinged in this round is pinged in the next. */
  #fail(round: PingRound, error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    if (this.#round !== round) return;
    this.#failureCount += 1;
    round.close();
    this.#arm(round);
  }

  #ping(binding: Binding, now: number): void {
    // OpenSER 1.0 also pinged what had expired and was not yet collected.
    if (!isValid(binding, now)) return;
    if (this.#options.pingNatedOnly && (binding.flags & bindingFlags.nat) === 0) return;
    const target = binding.received ?? binding.contact;
    const uri = parseUri(target);
    if (isSipError(uri) || !isSipUri(uri) || !isUdp(uri)) {
      this.#skippedCount += 1;
      return;
    }
    const hops = this.#port.resolve(uri);
    if (!isPromise(hops)) this.#send(binding, target, hops);
    else void hops.then((found) => this.#round && this.#send(binding, target, found));
  }

  #send(binding: Binding, target: string, hops: readonly Hop[] | SipError): void {
    const hop = isSipError(hops) ? undefined : hops.find(({ transport }) => transport === 'udp');
    const listener = hop && this.#listenerFor(binding, hop);
    if (!hop || !listener) {
      this.#skippedCount += 1;
    } else if (this.#options.sippingFrom && (binding.flags & bindingFlags.sipPing) !== 0) {
      this.#sipPingCount += 1;
      this.#port.send(hop, listener, this.#sipPing(target, this.#options.sippingFrom, listener));
    } else {
      this.#udpPingCount += 1;
      this.#port.send(hop, listener, this.#zeroes);
    }
  }

  #sipPing(target: string, from: string, listener: Listener): Buffer {
    const { advertisedHost: host, advertisedPort } = listener;
    const sentBy = `${host}:${advertisedPort}`;
    const branch = this.#port.random.token();
    return this.#sipPings
      .create({ method: this.#options.sippingMethod, target, from, sentBy, host, branch })
      .toBuffer();
  }

  /**
   * A NAT lets in only what comes from the address that the phone sent to: the stored socket first, then
   * `force_socket`, then whatever UDP listener reaches the hop.
   */
  #listenerFor(binding: Binding, hop: Hop): Listener | undefined {
    const wanted = [binding.socket, this.#options.forceSocket];
    let best: Listener | undefined;
    let bestRank = wanted.length + 1;
    for (const listener of this.#port.listeners) {
      if (listener.transport !== 'udp' || familyOf(listener.address) !== familyOf(hop.address)) continue;
      const at = wanted.indexOf(listener.toString());
      const rank = at < 0 ? wanted.length : at;
      if (rank < bestRank) {
        best = listener;
        bestRank = rank;
      }
    }
    return best;
  }
}

/** RFC 3263 §4.1 would take UDP for a sip URI without `transport`; sips needs TLS. */
function isUdp(uri: SipUri): boolean {
  return uri.scheme === 'sip' && (uri.params.get('transport') ?? 'udp').toLowerCase() === 'udp';
}
