/**
 * A server that does nothing: it answers every REGISTER with the same 200, only the branch is that of the request.
 * What it costs is what the kernel and the driver cost, whatever a registrar does. Its one argument is the driver.
 */
import { silentLogger } from '../../src/base/logger.ts';
import { dgramDriver } from '../../src/transport/dgram-driver.ts';
import { systemDatagrams } from '../../src/transport/system-datagrams.ts';
import { BRANCH_PREFIX, SEQUENCE_DIGITS } from '../generator/request-template.ts';

const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** The branch stands in the first header line. */
const LOOK_INTO_BYTES = 160;

const driver = process.argv[2] === 'dgram' ? dgramDriver : await systemDatagrams(silentLogger);
const socket = await driver.bind({ address: '127.0.0.1', port: 0, receiveBufferBytes: RECEIVE_BUFFER_BYTES });

/** As long as the 200 of a registrar. */
function replyTo(sequence: string): string {
  return [
    'SIP/2.0 200 OK',
    `Via: SIP/2.0/UDP 127.0.0.1:40000;branch=${BRANCH_PREFIX}${sequence};rport=40000;received=127.0.0.1`,
    'From: <sip:u00000001@127.0.0.1>;tag=canned',
    'To: <sip:u00000001@127.0.0.1>;tag=0123456789abcdef0123456789abcdef.01234567',
    'Call-ID: canned-00000001@127.0.0.1',
    `CSeq: ${sequence} REGISTER`,
    'Contact: <sip:u00000001@127.0.0.1:40000>;expires=3600',
    'Date: Mon, 23 Nov 2026 02:00:00 GMT',
    'Server: canned',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

socket.receive({
  onDatagrams(batch) {
    for (let index = 0; index < batch.count; index++) {
      const start = batch.bytes(index).toString('latin1', 0, LOOK_INTO_BYTES);
      const at = start.indexOf(BRANCH_PREFIX) + BRANCH_PREFIX.length;
      const reply = replyTo(start.slice(at, at + SEQUENCE_DIGITS));
      if (socket.sendLatin1) socket.sendLatin1(reply, batch.address(index), batch.port(index));
      else socket.send(Buffer.from(reply, 'latin1'), batch.address(index), batch.port(index));
    }
  },
  onSendError() {},
  onSocketError() {},
});
process.once('SIGTERM', () => process.exit(0));
process.stdout.write(`udp:127.0.0.1:${socket.port}\n`);
