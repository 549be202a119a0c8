import assert from 'node:assert/strict';
import type { SipRequest } from '../../sip/message.ts';
import { Bench, request, responseTo } from './bench.ts';

/** One row of a transition table: what happens, in order; what leaves the transaction; the state it ends in. */
export interface Row {
  readonly title: string;
  readonly transport?: 'udp' | 'tcp';
  /**
   * `receive 180`, `respond 180`: a response from the network or the user. `again`: the request comes again.
   * `ack`: the ACK comes. `wait 500`: so many ms pass. `cancel`, `terminate`, `abandon`: the user's calls.
   * `break closed`, `break overflow`: later sends come to this. `mend`: later sends go out.
   * `flow closed`, `send failed`: what the transport layer says of the flow.
   */
  readonly steps: readonly string[];
  readonly log: readonly string[];
  readonly state: string;
}

/** Plays a row with a client transaction for `method`. */
export function playClient(method: string, row: Row, bench = new Bench()): Bench {
  const flow = bench.flow(row.transport ?? 'udp');
  const steps = [...row.steps];
  // A flow that is broken before the first step breaks the first send.
  if (steps[0]?.startsWith('break')) flow.result = steps.shift() === 'break closed' ? 'closed' : 'overflow';
  const transaction = bench.client(method, flow);
  for (const step of steps) {
    const [word, argument = ''] = step.split(' ');
    if (word === 'receive') bench.layer.receiveResponse(responseTo(transaction.request, Number(argument)), flow);
    else if (word === 'cancel') transaction.cancel();
    else if (word === 'terminate') transaction.terminate();
    else if (word === 'wait') bench.clock.advance(Number(argument));
    else if (word === 'break') flow.result = argument === 'closed' ? 'closed' : 'overflow';
    else if (word === 'mend') flow.result = 'sent';
    else if (step === 'flow closed') bench.layer.flowClosed(flow);
    else if (step === 'send failed') bench.layer.sendFailed(flow);
    else assert.fail(`unknown step ${step}`);
  }
  assert.deepEqual(bench.take(), row.log);
  assert.equal(transaction.state, row.state);
  return bench;
}

/** Plays a row with a server transaction for `method`. */
export function playServer(method: string, row: Row, bench = new Bench()): Bench {
  const flow = bench.flow(row.transport ?? 'udp');
  const first = request(method);
  const transaction = bench.server(first, flow);
  for (const step of row.steps) {
    const [word, argument = ''] = step.split(' ');
    if (word === 'respond') {
      const outcome = transaction.respond(responseTo(first, Number(argument), transaction.toTag));
      if (outcome === 'discarded') bench.note(`discarded ${argument}`);
    } else if (word === 'again') bench.note(bench.layer.receiveRequest(request(method)));
    else if (word === 'ack') bench.note(bench.layer.receiveRequest(ackFor(first, transaction.toTag)));
    else if (word === 'terminate') transaction.terminate();
    else if (word === 'abandon') transaction.abandon();
    else if (word === 'wait') bench.clock.advance(Number(argument));
    else if (word === 'break') flow.result = argument === 'closed' ? 'closed' : 'overflow';
    else if (word === 'mend') flow.result = 'sent';
    else assert.fail(`unknown step ${step}`);
  }
  assert.deepEqual(bench.take(), row.log);
  assert.equal(transaction.state, row.state);
  return bench;
}

function ackFor(invite: SipRequest, toTag: string): SipRequest {
  return request('ACK', { uri: invite.uriText, toTag });
}
