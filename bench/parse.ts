/** What do parsing and serialising cost, without a server around them? */
import { readFileSync } from 'node:fs';
import { createResponse } from '../src/sip/create-response.ts';
import { SipRequest } from '../src/sip/message.ts';
import { parseMessage } from '../src/sip/parser.ts';
import { FIRST_SEQUENCE, RequestTemplate } from './generator/request-template.ts';
import { program, say } from './program.ts';
import { markdownTable } from './report/table.ts';
import { median } from './subject.ts';

const ROUND_MS = 300;
const ROUNDS = 7;
const BATCH = 1_000;

const invite = readFileSync(new URL('./data/invite.sip', import.meta.url));
const register = registerText();

/** Nanoseconds per call: the median of several rounds, each as long as the others. */
function cost(operation: () => unknown): number {
  const rounds: number[] = [];
  let kept: unknown;
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    let calls = 0;
    let now = startedAt;
    while (now - startedAt < ROUND_MS) {
      for (let i = 0; i < BATCH; i++) kept = operation();
      calls += BATCH;
      now = performance.now();
    }
    rounds.push(((now - startedAt) / calls) * 1e6);
  }
  if (kept === undefined) throw new Error('the operation gave nothing');
  return median(rounds.slice(1));
}

function parsed(bytes: Buffer): SipRequest {
  const message = parseMessage(bytes);
  if (!(message instanceof SipRequest)) throw new Error('the sample is not a request');
  return message;
}

/** The values that a registrar or proxy asks for. */
function readAll(request: SipRequest): unknown {
  return [request.uri, request.topVia, request.from, request.to, request.callId, request.cseq, request.contacts].length;
}

function registerText(): Buffer {
  const template = new RequestTemplate('refresh', {
    transport: 'UDP',
    serverPort: 5060,
    clientPort: 40_000,
    salt: 'parse',
  });
  const bytes = Buffer.alloc(template.length);
  template.lay(bytes, 0);
  template.patch(bytes, 0, 42, FIRST_SEQUENCE);
  return bytes;
}

await program('What do parsing and serialising cost, per message?', async () => {
  const rows: string[][] = [
    ['message', 'bytes', 'parse', 'parse, all values read', 'clone and serialise', '200 from it'],
  ];
  for (const [name, bytes] of [
    ['REGISTER', register],
    ['INVITE with SDP', invite],
  ] as const) {
    const request = parsed(bytes);
    rows.push([
      ...[name, String(bytes.length)],
      ...[
        cost(() => parseMessage(bytes)),
        cost(() => readAll(parsed(bytes))),
        cost(() => request.clone().toBuffer()),
        cost(() => createResponse(request, 200, 'OK', { toTag: 'tag' }).toBuffer()),
      ].map((ns) => `${ns.toFixed(0)} ns`),
    ]);
  }
  say(markdownTable(rows));
});
