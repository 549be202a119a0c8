import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asAor } from '../../location/aor.ts';
import { sampleBinding } from '../../testing/sample-binding.ts';
import { RowCodec } from './row-codec.ts';

test('decision 16: an instance with quotes comes back as one parameter of the reply, whatever is in it', () => {
  const codec = new RowCodec({ useDomain: false, natBflag: -1, serverId: 0 });
  const binding = sampleBinding('a', { instance: 'x";expires=9;y="\\', regId: 1 });
  const decoded = codec.decode(codec.encode(asAor('alice'), binding));
  assert.ok(typeof decoded !== 'string');
  assert.equal(decoded.binding.instance, binding.instance);
  assert.equal(decoded.binding.extension, ';+sip.instance="x\\";expires=9;y=\\"\\\\";reg-id=1');
});
