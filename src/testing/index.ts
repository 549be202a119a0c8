/** What tests of programs that embed Aorta need: time and randomness under control. */
export type { Clock, Timer } from '../base/clock.ts';
export type { Random } from '../base/random.ts';
export { FakeClock } from './fake-clock.ts';
export { FakeRandom } from './fake-random.ts';
