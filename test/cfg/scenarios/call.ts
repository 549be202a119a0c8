import assert from 'node:assert/strict';
import type { SipRequest, SipResponse } from '../../../src/sip/message.ts';
import type { Phone, RequestParts } from '../../support/phone.ts';

let calls = 0;

/** An INVITE that has reached the phones it forks to. */
export interface Ringing {
  readonly caller: Phone;
  readonly invite: SipRequest;
  /** What the phones got, in their order. */
  readonly received: readonly SipRequest[];
}

/** Calls `uri`, and waits until all these phones have the INVITE. */
export async function ring(
  caller: Phone,
  uri: string,
  phones: readonly Phone[],
  parts: RequestParts = {},
): Promise<Ringing> {
  const { headers = [], ...others } = parts;
  calls += 1;
  const contact: [string, string] = ['Contact', `<${caller.contact}>`];
  const invite = caller.make('INVITE', { uri, callId: `call-${calls}`, ...others, headers: [contact, ...headers] });
  caller.peer.send(invite.toBuffer());
  const received = await Promise.all(phones.map((phone) => phone.peer.request('INVITE')));
  return { caller, invite, received };
}

/** A call that was answered. */
export interface Dialog {
  readonly caller: Phone;
  readonly callee: Phone;
  readonly ok: SipResponse;
  readonly ack: SipRequest;
  /** BYE by one of the two, answered by the other. */
  readonly bye: (from: 'caller' | 'callee') => Promise<SipRequest>;
}

/** One of the phones answers: 180, 200, and the ACK that comes for it by the route set. */
export async function answer({ caller, invite, received }: Ringing, callee: Phone, index = 0): Promise<Dialog> {
  const atCallee = received[index];
  assert(atCallee);
  callee.answer(atCallee, 180, 'Ringing');
  await caller.peer.response(({ status }) => status === 180);
  callee.answer(atCallee, 200, 'OK', [['Contact', `<${callee.contact}>`]]);
  const ok = await caller.peer.finalFor(invite);
  assert.equal(ok.status, 200);

  const callId = invite.header('call-id') ?? '';
  const to = ok.header('to') ?? '';
  const callerRoute = routeOf(ok.values('record-route').toReversed());
  const calleeRoute = routeOf(atCallee.values('record-route'));
  const calleeUri = uriOf(ok.header('contact'));
  const callerUri = uriOf(atCallee.header('contact'));
  const cseq = Number(invite.header('cseq')?.split(' ')[0]);
  caller.peer.send(caller.make('ACK', { uri: calleeUri, to, callId, cseq, headers: callerRoute }).toBuffer());
  const ack = await callee.peer.request('ACK');

  const bye = async (from: 'caller' | 'callee'): Promise<SipRequest> => {
    const [one, other] = from === 'caller' ? [caller, callee] : [callee, caller];
    const request =
      from === 'caller'
        ? caller.make('BYE', { uri: calleeUri, to, callId, headers: callerRoute })
        : callee.make('BYE', {
            uri: callerUri,
            from: to,
            to: invite.header('from') ?? '',
            callId,
            headers: calleeRoute,
          });
    one.peer.send(request.toBuffer());
    const received = await other.peer.request('BYE');
    other.answer(received, 200, 'OK');
    assert.equal((await one.peer.finalFor(request)).status, 200);
    return received;
  };
  return { caller, callee, ok, ack, bye };
}

/** The caller gives up; the phones say 487 as §9.2 has it. Returns what the caller gets. */
export async function cancel({ caller, invite, received }: Ringing, phones: readonly Phone[]): Promise<SipResponse> {
  const request = cancelOf(caller, invite);
  assert.equal((await caller.peer.ask(request)).status, 200);
  await Promise.all(phones.map((phone, index) => terminate(phone, received[index])));
  return caller.peer.finalFor(invite);
}

/** The phone gets its CANCEL, answers it and the INVITE, and gets the ACK. */
export async function terminate(phone: Phone, invite: SipRequest | undefined): Promise<void> {
  assert(invite);
  phone.answer(await phone.peer.request('CANCEL'), 200, 'OK');
  phone.answer(invite, 487, 'Request Terminated');
  await phone.peer.request('ACK');
}

function cancelOf(caller: Phone, invite: SipRequest): SipRequest {
  return caller.make('CANCEL', {
    uri: invite.uriText,
    to: invite.header('to') ?? '',
    callId: invite.header('call-id') ?? '',
    cseq: Number(invite.header('cseq')?.split(' ')[0]),
    branch: /branch=([^;]+)/.exec(invite.header('via') ?? '')?.[1] ?? '',
  });
}

function routeOf(recordRoutes: readonly string[]): [string, string][] {
  return recordRoutes.length > 0 ? [['Route', recordRoutes.join(', ')]] : [];
}

function uriOf(contact: string | undefined): string {
  return /<([^>]+)>/.exec(contact ?? '')?.[1] ?? '';
}
