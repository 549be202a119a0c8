// A registrar inside another Node program: npm run example -- embedding.ts
import { createServer } from 'aorta';

const server = createServer({ listen: ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0'] });
server.on('binding', ({ type, aor, after }) => console.info(type, aor, after?.contact ?? ''));
await server.start();
console.info('listening on', server.listeners.join(' '));
const reply = await server.inject(
  [
    'REGISTER sip:example.org SIP/2.0',
    'Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKexample',
    'From: <sip:alice@example.org>;tag=1',
    'To: <sip:alice@example.org>',
    'Call-ID: example@127.0.0.1',
    'CSeq: 1 REGISTER',
    'Contact: <sip:alice@127.0.0.1:5062>;expires=60',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n'),
);
console.info('reply', reply.status, reply.header('contact'));
await server.stop();
