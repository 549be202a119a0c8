import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatagramPump, defaultPumpSettings, type PumpedSocket } from './datagram-pump.ts';

const { busyPerSecond, quietPerSecond, maxNapUs, minNapUs, datagramsPerNap, tooManyToNap } = defaultPumpSettings;

/** A system in which time passes by naps, and datagrams come at a steady rate. */
class Simulation {
  readonly pump: DatagramPump;
  readonly naps: number[] = [];
  readonly watches: { fd: number; state: 'running' | 'paused' | 'closed'; run: () => void }[] = [];
  ratePerSecond = 0;
  nowMs = 0;

  constructor() {
    this.pump = new DatagramPump(
      {
        usleep: (us) => {
          this.naps.push(us);
          this.nowMs += us / 1000;
          return 0;
        },
        watch: (fd, run) => {
          const watch: Simulation['watches'][number] = { fd, state: 'running', run };
          this.watches.push(watch);
          return {
            pause: () => {
              watch.state = 'paused';
            },
            resume: () => {
              watch.state = 'running';
            },
            close: () => {
              watch.state = 'closed';
            },
          };
        },
      },
      defaultPumpSettings,
      () => this.nowMs,
    );
  }

  get states(): readonly string[] {
    return this.watches.map(({ state }) => state);
  }

  socket(fd = 1): SimulatedSocket {
    return new SimulatedSocket(fd, this);
  }

  /** Lets milliseconds pass in which the event loop sees what a datagram makes it see. */
  async pass(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    while (this.nowMs < until) {
      const napped = this.naps.length;
      if (this.ratePerSecond > 0 && this.states[0] === 'running') {
        this.nowMs += 1000 / this.ratePerSecond;
        this.watches[0]?.run();
      }
      await turn();
      if (this.naps.length === napped && this.states[0] !== 'running') this.nowMs += 0.01;
      if (this.ratePerSecond === 0 && this.states[0] === 'running') this.nowMs += 1;
    }
  }
}

class SimulatedSocket implements PumpedSocket {
  readonly fd: number;
  readonly counts: number[] = [];
  readonly #simulation: Simulation;
  #taken = 0;

  constructor(fd: number, simulation: Simulation) {
    this.fd = fd;
    this.#simulation = simulation;
  }

  pump(): number {
    const { nowMs, ratePerSecond } = this.#simulation;
    const count = Math.min(64, Math.max(0, Math.round(((nowMs - this.#taken) * ratePerSecond) / 1000)));
    this.#taken = nowMs;
    this.counts.push(count);
    return count;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the pump of datagrams', () => {
  it('at rest: the event loop watches, and nothing turns', async () => {
    const simulation = new Simulation();
    const socket = simulation.socket();
    simulation.pump.add(socket);
    for (let count = 0; count < 20; count += 1) await turn();
    assert.deepEqual([simulation.states, simulation.naps, socket.counts], [['running'], [], []]);
  });

  it('at low rates a datagram wakes it, and only the socket that has one is asked', async () => {
    const simulation = new Simulation();
    const [first, second] = [simulation.socket(1), simulation.socket(2)];
    simulation.pump.add(first);
    simulation.pump.add(second);
    simulation.ratePerSecond = quietPerSecond;
    await simulation.pass(100);
    assert.deepEqual(simulation.naps, []);
    assert.deepEqual(simulation.states, ['running', 'running']);
    assert.ok(first.counts.length > 100);
    assert.equal(second.counts.length, 0);
  });

  it('when much comes it naps, all sockets are asked in turn, and nobody watches', async () => {
    const simulation = new Simulation();
    const [first, second] = [simulation.socket(1), simulation.socket(2)];
    simulation.pump.add(first);
    simulation.pump.add(second);
    simulation.ratePerSecond = 4 * busyPerSecond;
    await simulation.pass(50);
    assert.deepEqual(simulation.states, ['paused', 'paused']);
    assert.ok(simulation.naps.length > 10);
    assert.ok(second.counts.length > 10);
    simulation.pump.remove(first);
    simulation.pump.remove(second);
  });

  it('a nap is as long as the rate asks for, within its limits', async () => {
    const simulation = new Simulation();
    const socket = simulation.socket();
    simulation.pump.add(socket);
    for (const [rate, expected] of [
      [busyPerSecond * 2, maxNapUs],
      [40_000, (datagramsPerNap * 1e6) / 40_000],
      [110_000, Math.max(minNapUs, (datagramsPerNap * 1e6) / 110_000)],
    ] as const) {
      simulation.ratePerSecond = rate;
      await simulation.pass(50);
      const last = simulation.naps.at(-1) ?? 0;
      assert.ok(Math.abs(last - expected) <= expected / 10, `${rate}/s: ${last} us, not ${expected}`);
    }
    simulation.pump.remove(socket);
  });

  it('when more comes than a nap is worth it does not nap', async () => {
    const simulation = new Simulation();
    const socket = simulation.socket();
    simulation.pump.add(socket);
    simulation.ratePerSecond = 50_000;
    await simulation.pass(50);
    socket.pump = () => tooManyToNap;
    await turn();
    const naps = simulation.naps.length;
    for (let count = 0; count < 50; count += 1) await turn();
    assert.equal(simulation.naps.length, naps);
    simulation.pump.remove(socket);
  });

  it('when little comes again the event loop watches again, and nothing turns', async () => {
    const simulation = new Simulation();
    const socket = simulation.socket();
    simulation.pump.add(socket);
    simulation.ratePerSecond = 20_000;
    await simulation.pass(20);
    assert.deepEqual(simulation.states, ['paused']);
    simulation.ratePerSecond = 0;
    await simulation.pass(20);
    assert.deepEqual(simulation.states, ['running']);
    const [naps, asked] = [simulation.naps.length, socket.counts.length];
    for (let count = 0; count < 20; count += 1) await turn();
    assert.deepEqual([simulation.naps.length, socket.counts.length], [naps, asked]);
  });

  it('a socket that comes while it naps is not watched; after the last has gone nothing turns', async () => {
    const simulation = new Simulation();
    const [first, late] = [simulation.socket(1), simulation.socket(2)];
    simulation.pump.add(first);
    simulation.ratePerSecond = 20_000;
    await simulation.pass(20);
    simulation.pump.add(late);
    assert.deepEqual(simulation.states, ['paused', 'paused']);
    await simulation.pass(5);
    assert.ok(late.counts.length > 0);
    simulation.pump.remove(first);
    simulation.pump.remove(late);
    assert.deepEqual(simulation.states, ['closed', 'closed']);
    await turn();
    const naps = simulation.naps.length;
    for (let count = 0; count < 20; count += 1) await turn();
    assert.equal(simulation.naps.length, naps);
    // It begins anew as it began at first.
    const another = simulation.socket(3);
    simulation.pump.add(another);
    assert.equal(simulation.states[2], 'running');
    simulation.pump.remove(another);
  });
});
