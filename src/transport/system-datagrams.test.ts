import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLibc } from './libc.ts';

const opened = await openLibc();
const batches = typeof opened === 'string' ? opened : false;
const module = new URL('./system-datagrams.ts', import.meta.url);
const guard = { timeout: 20_000 };

/** What a fresh process logs as it chooses its driver. */
function choice(...options: readonly string[]): string {
  const program = `
    const { systemDatagrams } = await import(${JSON.stringify(module.href)});
    const lines = [];
    const level = (name) => (message) => lines.push(name + ': ' + message);
    const logger = { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') };
    const driver = await systemDatagrams(logger);
    const socket = await driver.bind({ address: '127.0.0.1', port: 0, receiveBufferBytes: 65536 });
    await socket.close();
    process.stdout.write(lines.join('\\n'));`;
  const args = [...options, '--input-type=module', '--eval', program];
  return execFileSync(process.execPath, args, { encoding: 'utf8', cwd: fileURLToPath(new URL('.', module)) });
}

describe('the driver of UDP sockets is chosen at start and said in one line', guard, () => {
  it('in batches where the machine can', { skip: batches }, () => {
    assert.match(choice(), /^info: UDP in batches, by recvmmsg and sendmmsg \(koffi [\d.]+\)$/);
  });

  it('by node:dgram without native addons', () => {
    const reason = batches === false ? 'native addons are switched off' : batches;
    assert.equal(choice('--no-addons'), `info: UDP by node:dgram, one datagram at a time, because ${reason}`);
  });

  it('by node:dgram without the optional koffi', { skip: batches }, () => {
    const hooks = `
      import { registerHooks } from 'node:module';
      registerHooks({ resolve(specifier, context, next) {
        if (specifier !== 'koffi') return next(specifier, context);
        throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
      } });`;
    assert.equal(
      choice('--import', `data:text/javascript,${encodeURIComponent(hooks)}`),
      'info: UDP by node:dgram, one datagram at a time, because the optional package koffi is not installed',
    );
  });
});
