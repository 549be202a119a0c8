import assert from 'node:assert/strict';
import type { Binding } from '../../src/location/binding.ts';
import type { AddCommand } from '../../src/location/management.ts';
import type { RegistrarOptions } from '../../src/registrar/options.ts';
import type { SipResponse } from '../../src/sip/message.ts';
import { isSipError } from '../../src/sip/sip-error.ts';
import type {
  ExpectedBinding,
  ExpectedLookup,
  ExpectedReply,
  LookupStep,
  RegisterStep,
  Script,
  Step,
  Tokens,
  Vector,
} from './vector.ts';

/** What a lookup did to a request. Flags are lists of flag numbers. */
export interface LookupReport {
  readonly outcome: 'found' | 'not-found' | 'method-not-allowed' | 'error';
  readonly targets: readonly string[];
  readonly destinations: readonly (string | undefined)[];
  readonly messageFlags: readonly number[];
  readonly branchFlags: readonly (readonly number[])[];
  readonly dropped: number;
}

/** A registrar that vectors run against: `save` and `lookup` in this process, or a whole server behind a socket. */
export interface Driver {
  readonly tokens: Tokens;
  /** Whether every request is checked before `save` sees it. */
  readonly checksRequestsFirst: boolean;
  /** Whether replies get a To tag. */
  readonly makesTags: boolean;
  /**
   * Sends a request. The text is complete but for the body; its top Via names the transport and has `rport`.
   *
   * @returns undefined when the script sent no reply
   */
  register(text: string, script: Script): Promise<SipResponse | undefined>;
  lookup(uri: string, method: string): Promise<LookupReport>;
  registered(uri: string): Promise<boolean>;
  /** The valid bindings in list order. */
  stored(aor: string): Promise<readonly Binding[]>;
  add(command: Omit<AddCommand, 'table'>): Promise<void>;
  /** Lets seconds pass. Nothing is collected by it. */
  wait(seconds: number): Promise<void>;
  /** The present instant as the server sees it. */
  now(): number;
  close(): Promise<void>;
}

/** Starts a registrar with a fresh table `location`. */
export type DriverFactory = (options: Partial<RegistrarOptions>) => Promise<Driver>;

/** Runs one vector against a fresh driver; throws an assertion error at the first difference. */
export async function runVector(vector: Vector, start: DriverFactory): Promise<void> {
  const driver = await start(vector.options);
  try {
    let sequence = 0;
    for (const step of vector.steps) {
      sequence += 1;
      await runStep(step, driver, sequence, `vector ${vector.number}, step ${sequence}`);
    }
  } finally {
    await driver.close();
  }
}

async function runStep(step: Step, driver: Driver, sequence: number, where: string): Promise<void> {
  switch (step.step) {
    case 'register':
      return runRegister(step, driver, sequence, where);
    case 'lookup':
      return runLookup(step, driver, where);
    case 'stored':
      return compareStored(await driver.stored(step.aor), step.bindings, driver, where);
    case 'registered':
      return assert.equal(await driver.registered(step.uri), step.expect, `${where}: registered`);
    case 'wait':
      return driver.wait(step.seconds);
    case 'add':
      return driver.add(step.command);
  }
}

async function runRegister(step: RegisterStep, driver: Driver, sequence: number, where: string): Promise<void> {
  const reply = await driver.register(withTokens(requestText(step, sequence), driver.tokens), step.script);
  if (step.expect === 'no reply') {
    assert.equal(reply, undefined, `${where}: no reply is expected`);
    return;
  }
  assert.ok(reply, `${where}: a reply is expected`);
  compareReply(reply, step.expect, driver, where);
  // Decisions 10 and 16: whatever the reply, its list is what is stored.
  if (step.message.to === undefined && step.expect.status !== 405) {
    const listed = [...(step.expect.contact ?? '').matchAll(/<([^>]*)>/g)].map(([, uri]) => uri);
    const stored = (await driver.stored('alice')).map(({ contact }) => contact);
    assert.deepEqual(stored, listed, `${where}: what is stored`);
  }
}

function compareReply(reply: SipResponse, expected: ExpectedReply, driver: Driver, where: string): void {
  const early = driver.checksRequestsFirst ? expected.refusedEarlier : undefined;
  const own = early === undefined ? expected : { status: expected.status, reason: early };
  assert.deepEqual(observed(reply), withTokensInside(wanted(own), driver.tokens), where);
  if (expected.toTag !== undefined && early === undefined) {
    assert.equal(tagOf(reply), expected.toTag, `${where}: To tag`);
  } else if (reply.status === 200 && driver.makesTags) {
    assert.notEqual(tagOf(reply) ?? '', '', `${where}: a 200 has a To tag`);
  }
  if (expected.headerOrder !== undefined) assert.deepEqual(headerOrder(reply), expected.headerOrder, `${where}: order`);
}

function wanted(expected: ExpectedReply): Record<string, unknown> {
  return {
    status: expected.status,
    reason: expected.reason,
    contact: expected.contact,
    error: expected.error,
    retryAfter: expected.retryAfter,
    minExpires: expected.minExpires,
    allow: expected.allow,
    unsupported: expected.unsupported,
    path: expected.path,
    // Decision 16.
    hasDate: expected.status === 200,
  };
}

function observed(reply: SipResponse): Record<string, unknown> {
  assert.ok(reply.headerLines('contact').length <= 1, 'contacts come in one header');
  return {
    status: reply.status,
    reason: reply.reason,
    contact: reply.header('contact'),
    error: reply.header('p-registrar-error'),
    retryAfter: reply.header('retry-after'),
    minExpires: reply.header('min-expires'),
    allow: reply.header('allow'),
    unsupported: reply.header('unsupported'),
    path: reply.header('path'),
    hasDate: reply.has('date'),
  };
}

const passedOver: ReadonlySet<string> = new Set(['server', 'warning', 'content-length']);

function headerOrder(reply: SipResponse): readonly string[] {
  return reply
    .headerFields()
    .map(({ name }) => name)
    .filter((name) => !passedOver.has(name));
}

function tagOf(reply: SipResponse): string | undefined {
  const { to } = reply;
  return isSipError(to) ? undefined : to.tag;
}

async function runLookup(step: LookupStep, driver: Driver, where: string): Promise<void> {
  const report = await driver.lookup(step.uri, step.method);
  const seen: Record<string, unknown> = {};
  for (const name of Object.keys(step.expect)) seen[name] = report[name as keyof ExpectedLookup];
  assert.deepEqual(seen, withTokensInside({ ...step.expect }, driver.tokens), `${where}: lookup`);
}

function compareStored(
  stored: readonly Binding[],
  expected: readonly ExpectedBinding[],
  driver: Driver,
  where: string,
): void {
  const now = driver.now();
  const seen = stored.map((binding, i) => {
    const all: Record<string, unknown> = { ...binding, expires: (binding.expiresAt - now) / 1000 };
    const looked: Record<string, unknown> = { contact: binding.contact };
    for (const name of Object.keys(expected[i] ?? {})) looked[name] = all[name];
    return looked;
  });
  assert.deepEqual(
    seen,
    expected.map((binding) => withTokensInside({ ...binding }, driver.tokens)),
    `${where}: stored`,
  );
}

function withTokensInside(record: Record<string, unknown>, tokens: Tokens): Record<string, unknown> {
  const replaced: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string') replaced[name] = withTokens(value, tokens);
    else if (Array.isArray(value)) {
      replaced[name] = value.map((item) => (typeof item === 'string' ? withTokens(item, tokens) : item));
    } else replaced[name] = value;
  }
  return replaced;
}

function withTokens(text: string, tokens: Tokens): string {
  return text.replaceAll(/\{([a-z.]+)\}/g, (whole, name) => tokens[name as keyof Tokens] ?? whole);
}

/** The request of a step, up to and with the empty line after its head. */
function requestText(step: RegisterStep, sequence: number): string {
  const {
    method = 'REGISTER',
    to = '<sip:alice@example.com>',
    callId = 'vector@10.0.0.1',
    cseq = sequence,
  } = step.message;
  const transport = step.script.tcp === true ? 'TCP' : 'UDP';
  const lines = [
    `${method} sip:example.com SIP/2.0`,
    `Via: SIP/2.0/${transport} 10.0.0.1:5060;rport;branch=z9hG4bK-vector-${sequence}`,
  ];
  if (step.message.from !== null) lines.push('From: <sip:alice@example.com>;tag=vector');
  if (to !== null) lines.push(`To: ${to}`);
  if (callId !== null) lines.push(`Call-ID: ${callId}`);
  if (cseq !== null) lines.push(`CSeq: ${typeof cseq === 'number' ? `${cseq} ${method}` : cseq}`);
  lines.push('Max-Forwards: 70', ...step.lines, 'Content-Length: 0');
  return `${lines.join('\r\n')}\r\n\r\n`;
}
