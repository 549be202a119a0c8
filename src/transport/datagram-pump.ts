import type { Libc, Watch } from './libc.ts';

/** A socket that the pump asks for what has arrived. */
export interface PumpedSocket {
  readonly fd: number;
  /** Handles what has arrived, at most one batch; returns how many datagrams that were. */
  pump(): number;
}

/** What the pump needs of the system. */
export type PumpSystem = Pick<Libc, 'usleep' | 'watch'>;

/** A socket while it is pumped. */
interface Member {
  readonly socket: PumpedSocket;
  readonly watch: Watch;
  ready: boolean;
}

/** When the pump naps, and for how long. */
export interface PumpSettings {
  /** From this many datagrams per second on it naps. */
  readonly busyPerSecond: number;
  /** Below this many it lets the event loop watch again. */
  readonly quietPerSecond: number;
  /** A nap lasts until about so many datagrams have come, so that they share the cost of the wake-up. */
  readonly datagramsPerNap: number;
  readonly minNapUs: number;
  readonly maxNapUs: number;
  /** So many datagrams that came during one turn show that there is no time to nap. */
  readonly tooManyToNap: number;
}

/** Measured: docs/performance-transport.md has the numbers for other values. */
export const defaultPumpSettings: PumpSettings = {
  // Between 1,000/s and 2,000/s a nap every 300 microseconds begins to be cheaper than a wake-up per datagram. The two
  // rates lie apart so that the pump does not go to and fro.
  busyPerSecond: 2_500,
  quietPerSecond: 1_250,
  datagramsPerNap: 6,
  // The timer alone takes about as long.
  minNapUs: 50,
  // What a nap adds to a response time stays small against the fastest network.
  maxNapUs: 300,
  tooManyToNap: 12,
};

// The rate is looked at after so many datagrams (while watching) or turns (while napping).
const lookAfter = 16;

/**
 * Wakes the sockets of one driver when there is something to receive. While little comes, the event loop watches the
 * descriptors and a datagram wakes the process. While much comes, nobody watches: the thread naps for a fraction of
 * a millisecond once per turn of the event loop, then takes all that has arrived meanwhile, as a network card does
 * that moderates its interrupts. When more comes than a nap is worth, it does not nap. Timers and connections have
 * their turn between two batches in any case.
 */
export class DatagramPump {
  readonly #system: PumpSystem;
  readonly #settings: PumpSettings;
  readonly #now: () => number;
  readonly #members: Map<PumpedSocket, Member>;
  readonly #turn: () => void;
  #mode: 'watching' | 'napping';
  #turnPlanned: boolean;
  #napUs: number;
  #lastCount: number;
  /** Since when, and how much, is counted for the next look at the rate. */
  #since: number;
  #datagrams: number;
  #turns: number;

  /** @param now a clock that never goes back, in milliseconds */
  constructor(system: PumpSystem, settings: PumpSettings = defaultPumpSettings, now = () => performance.now()) {
    this.#system = system;
    this.#settings = settings;
    this.#now = now;
    this.#members = new Map();
    this.#turn = () => {
      this.#turnPlanned = false;
      if (this.#mode === 'napping') this.#napTurn();
      else this.#watchTurn();
    };
    this.#mode = 'watching';
    this.#turnPlanned = false;
    this.#napUs = settings.maxNapUs;
    this.#lastCount = 0;
    this.#since = now();
    this.#datagrams = 0;
    this.#turns = 0;
  }

  /** Begins to pump a socket. The event loop goes on as long as there is one. */
  add(socket: PumpedSocket): void {
    const member: Member = {
      socket,
      watch: this.#system.watch(socket.fd, () => {
        // The event loop calls this without its usual care for promises and errors; an immediate, which runs in the
        // same turn, has it.
        member.ready = true;
        this.#planTurn();
      }),
      ready: false,
    };
    if (this.#mode === 'napping') member.watch.pause();
    this.#members.set(socket, member);
  }

  /** Leaves a socket alone; must come before its descriptor is closed. */
  remove(socket: PumpedSocket): void {
    this.#members.get(socket)?.watch.close();
    this.#members.delete(socket);
    if (this.#members.size === 0) this.#beginWatching();
  }

  #planTurn(): void {
    if (this.#turnPlanned) return;
    this.#turnPlanned = true;
    setImmediate(this.#turn);
  }

  #watchTurn(): void {
    for (const member of this.#members.values()) {
      if (!member.ready) continue;
      member.ready = false;
      this.#datagrams += member.socket.pump();
    }
    if (this.#datagrams < lookAfter) return;
    if (this.#rate() > this.#settings.busyPerSecond) this.#beginNapping();
  }

  #napTurn(): void {
    if (this.#lastCount < this.#settings.tooManyToNap) this.#system.usleep(this.#napUs);
    this.#lastCount = 0;
    try {
      for (const { socket } of this.#members.values()) this.#lastCount += socket.pump();
    } finally {
      this.#planTurn();
    }
    this.#datagrams += this.#lastCount;
    this.#turns += 1;
    if (this.#turns < lookAfter || this.#mode !== 'napping') return;
    this.#turns = 0;
    const rate = this.#rate();
    const { quietPerSecond, datagramsPerNap, minNapUs, maxNapUs } = this.#settings;
    if (rate < quietPerSecond) this.#beginWatching();
    else this.#napUs = Math.round(Math.min(maxNapUs, Math.max(minNapUs, (datagramsPerNap * 1e6) / rate)));
  }

  #beginNapping(): void {
    this.#mode = 'napping';
    this.#turns = 0;
    this.#napUs = this.#settings.maxNapUs;
    this.#lastCount = 0;
    for (const { watch } of this.#members.values()) watch.pause();
    this.#planTurn();
  }

  #beginWatching(): void {
    this.#mode = 'watching';
    this.#datagrams = 0;
    for (const { watch } of this.#members.values()) watch.resume();
  }

  /** Datagrams per second since the last look. */
  #rate(): number {
    const now = this.#now();
    const rate = (this.#datagrams / Math.max(now - this.#since, 0.001)) * 1000;
    this.#since = now;
    this.#datagrams = 0;
    return rate;
  }
}
