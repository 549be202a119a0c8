import type { StoredKind } from '../servers/stored.ts';
import { type Goal, goal } from '../versus/goals.ts';
import { cpuOfKept, keptPerSecond, OFFERED_RATE, questions, waitingNumbers } from './questions.ts';

const sqliteRivals: readonly StoredKind[] = ['kamailio-sqlite', 'kamailio-sqlite-wal'];
const postgresRivals: readonly StoredKind[] = ['kamailio-postgres', 'kamailio-postgres-8'];

const rateGoal = (where: string, waiting: number, aorta: StoredKind, against: readonly StoredKind[]) =>
  goal(4, 8, {
    what: `write-through to ${where}, refreshes/s, ${waiting} wait`,
    ...{ unit: '/s', better: 'higher', aorta, against },
    value: (samples, server) => samples.middle(questions.saturated(waiting), server, keptPerSecond),
  });

const delayGoal = (where: string, aorta: StoredKind) =>
  goal(25, 10, {
    what: `write-through to ${where}, p99 of the 200 at half of our maximum`,
    ...{ unit: 'ms', compared: 'value', aorta, against: [] },
    value: (samples, server) => samples.middle(questions.half, server, (result) => result.latency.p99 / 1000),
  });

const startGoal = (where: string, aorta: StoredKind, against: readonly StoredKind[]) =>
  goal(5, 1, {
    what: `1 M bindings of ${where} at start, to ready`,
    ...{ unit: 's', compared: 'value', aorta, against },
    value: (samples, server) => samples.middleValue(questions.start, server),
  });

/** What persistence is to reach, in the order of the table in docs/performance.md. */
export const persistenceGoals: readonly Goal[] = [
  ...waitingNumbers.map((waiting) => rateGoal('SQLite', waiting, 'aorta-sqlite', sqliteRivals)),
  ...waitingNumbers.map((waiting) =>
    goal(0.25, 0.15, {
      what: `server CPU per REGISTER there, ${waiting} wait`,
      ...{ aorta: 'aorta-sqlite', against: sqliteRivals },
      value: (samples, server) => samples.middle(questions.saturated(waiting), server, cpuOfKept),
    }),
  ),
  ...waitingNumbers.map((waiting) => rateGoal('PostgreSQL', waiting, 'aorta-postgres', postgresRivals)),
  delayGoal('SQLite', 'aorta-sqlite'),
  delayGoal('PostgreSQL', 'aorta-postgres'),
  goal(1.3, 1.1, {
    what: `write-back, server CPU per REGISTER at ${OFFERED_RATE}/s, against memory only`,
    ...{ aorta: 'aorta-write-back', against: ['aorta'] },
    value: (samples, server) => samples.middle(questions.offered, server, cpuOfKept),
  }),
  startGoal('SQLite', 'aorta-sqlite', sqliteRivals),
  startGoal('PostgreSQL', 'aorta-postgres', postgresRivals),
];
