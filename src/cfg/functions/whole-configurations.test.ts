import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineBench } from '../testing/engine-bench.ts';

const modules = ['sl', 'tm', 'rr', 'maxfwd', 'usrloc', 'registrar', 'textops', 'xlog', 'nathelper', 'uri', 'avpops']
  .map((name) => `loadmodule "/usr/lib/openser/modules/${name}.so"`)
  .join('\n');

function register(contact: string, cseq = 1) {
  return { method: 'REGISTER', uri: 'sip:example.org', callId: 'reg', cseq, headers: [`Contact: <${contact}>`] };
}

describe('functions in whole configurations', () => {
  const openser = `${modules}
    modparam("registrar", "received_avp", 42)
    modparam("nathelper", "received_avp", 42)
    route {
      if (!mf_process_maxfwd_header("10")) {
        sl_send_reply("483", "Too Many Hops");
        exit;
      };
      if (!method=="REGISTER") record_route();
      if (loose_route()) {
        append_hf("P-hint: rr-enforced\\r\\n");
        route(1);
      };
      if (uri==myself) {
        if (method=="REGISTER") {
          if (nat_uac_test("19")) { fix_nated_register(); force_rport(); };
          save("location");
          exit;
        };
        if (!lookup("location")) {
          sl_send_reply("404", "Not Found");
          exit;
        };
        append_hf("P-hint: usrloc applied\\r\\n");
      };
      route(1);
    }
    route[1] {
      t_on_failure("1");
      t_on_reply("1");
      if (!t_relay()) { sl_reply_error(); };
      exit;
    }
    failure_route[1] {
      if (t_was_cancelled()) exit;
      if (t_check_status("486|408")) {
        revert_uri();
        rewritehostport("192.0.2.70:5060");
        append_branch();
        append_hf("P-hint: voicemail\\r\\n");
        t_relay();
      }
    }
    onreply_route[1] {
      if (is_method("INVITE") && status=~"(180)|2[0-9][0-9]") append_hf("P-Seen: $rs\\r\\n");
      if (nat_uac_test("1")) fix_nated_contact();
    }`;

  it('cfg-modules §1, §5: a request without hops is answered, and the script ends', async () => {
    const engine = new EngineBench(openser);
    await engine.run({ maxForwards: 0 });
    assert.deepEqual(
      engine.bench.replies.map(({ status, reason }) => [status, reason]),
      [[483, 'Too Many Hops']],
    );
  });

  it('manual 1.4.1, 1.4.4: a phone registers and is called; hints and the recorded route go along', async () => {
    const engine = new EngineBench(openser);
    await engine.run(register('sip:bob@192.0.2.60'));
    assert.equal(engine.bench.replies[0]?.status, 200);
    await engine.run();
    const [call] = engine.bench.proxy.to('192.0.2.60').requests;
    assert.deepEqual([call?.uriText, call?.header('p-hint')], ['sip:bob@192.0.2.60', 'usrloc applied']);
    assert.match(call?.header('record-route') ?? '', /^<sip:192\.0\.2\.1;/);
    engine.bench.proxy.answer('192.0.2.60', 180, { headers: [['Contact', '<sip:bob@10.0.0.1>']] });
    const [ringing] = engine.bench.proxy.upstreamResponses.filter(({ status }) => status === 180);
    assert.deepEqual([ringing?.header('p-seen'), ringing?.header('contact')], ['180', '<sip:bob@192.0.2.60:5060>']);
  });

  it('cfg-modules §2, §3: nobody is registered: 404', async () => {
    const engine = new EngineBench(openser);
    await engine.run();
    assert.deepEqual(
      engine.bench.replies.map(({ status }) => status),
      [404],
    );
  });

  it('cfg-language §6: the failure block sends a busy call elsewhere, with its own edits', async () => {
    const engine = new EngineBench(openser);
    await engine.run(register('sip:bob@192.0.2.60'));
    await engine.run();
    engine.bench.proxy.answer('192.0.2.60', 486);
    const [call] = engine.bench.proxy.to('192.0.2.70').requests;
    assert.equal(call?.uriText, 'sip:bob@192.0.2.70:5060');
    assert.deepEqual(
      call?.headerLines('p-hint').map(({ value }) => value),
      ['usrloc applied', 'voicemail'],
    );
    engine.bench.proxy.answer('192.0.2.70', 200);
    assert.deepEqual(
      engine.bench.proxy.finals.map((reply) => `${reply.status} ${reply.header('cseq')}`),
      ['200 1 REGISTER', '200 1 INVITE'],
    );
  });

  it('cfg-modules §6: a request of a dialog follows its Route', async () => {
    const engine = new EngineBench(openser);
    await engine.run({
      method: 'BYE',
      uri: 'sip:bob@192.0.2.60',
      toTag: 'b1',
      headers: ['Route: <sip:192.0.2.1;lr;ftag=a1>, <sip:192.0.2.61;lr>'],
    });
    const [bye] = engine.bench.proxy.to('192.0.2.61').requests;
    assert.deepEqual([bye?.header('route'), bye?.header('p-hint')], ['<sip:192.0.2.61;lr>', 'rr-enforced']);
  });

  it('cfg-language §14.3: a function that returns 0 ends the script', async () => {
    const engine = new EngineBench(`${modules}
      route { save("location"); trace("after save"); }`);
    const { trace } = await engine.run({ ...register('sip:bob@192.0.2.60'), headers: ['Contact: *'] });
    assert.deepEqual([trace, engine.bench.replies[0]?.status], [[], 400]);
  });

  it('companions §4: a replicated REGISTER carries its socket and its source', async () => {
    const engine = new EngineBench(`${modules}
      route {
        add_sock_hdr("Sock-Info");
        add_rcv_param();
        save("location");
        t_replicate("192.0.2.2", "5060");
      }`);
    await engine.run(register('sip:bob@10.0.0.1'));
    const [copy] = engine.bench.proxy.to('192.0.2.2').requests;
    assert.deepEqual(
      [copy?.header('sock-info'), copy?.header('contact')],
      ['192.0.2.1:5060', '<sip:bob@10.0.0.1>;received="sip:192.0.2.50:5060"'],
    );
    assert.equal(engine.bench.replies[0]?.status, 200);
  });

  it('cfg-language §10: AVPs are written, tested and pushed by their names', async () => {
    const engine = new EngineBench(`${modules}
      route {
        avp_write("$ruri/username", "i:7");
        avp_subst("i:7", "/^b/r/");
        if (avp_check("i:7", "eq/rob/i")) avp_pushto("$ruri/username", "$avp(i:7)");
        trace("$ru");
      }`);
    assert.deepEqual((await engine.run()).trace, ['sip:rob@example.org']);
  });
});
