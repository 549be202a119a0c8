// Configurations that are broken in every way: named errors and exit code 1 at start, a bounded error at run time.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { AortaProcess, alone } from '../../support/aorta-process.ts';
import { CfgFolder } from './cfg-process.ts';
import { withCfg } from './cfg-server.ts';

const modules = `alias=example.com
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
`;

const garbage = Buffer.alloc(5000);
const random = new SeededRandom(4);
for (let index = 0; index < garbage.length; index++) garbage[index] = random.below(256);

/** Name, files (the first one is run), and what is said, with its place. */
const broken: readonly (readonly [string, Readonly<Record<string, string | Buffer>>, RegExp])[] = [
  [
    'files that include one another',
    { 'a.cfg': 'include_file "b.cfg"\n', 'b.cfg': '\ninclude_file "a.cfg"\n' },
    /b\.cfg:2:14: error: '.*a\.cfg' includes itself: .*a\.cfg -> .*b\.cfg -> .*a\.cfg/,
  ],
  [
    'an include that is missing',
    { 'a.cfg': 'debug=3\ninclude_file "nowhere.cfg"\nroute { exit; }\n' },
    /a\.cfg:2:14: error: there is no file 'nowhere\.cfg'/,
  ],
  ['binary garbage', { 'a.cfg': garbage }, /a\.cfg:\d+:\d+: error: /],
  [
    'a hundred thousand broken lines',
    { 'a.cfg': `${modules}route {\n${'\tsetflg(1);\n'.repeat(100_000)}}\n` },
    /a\.cfg:8:2: error: there is no function 'setflg'[\s\S]*and 99001 more problems/,
  ],
  [
    'blocks that are nested 20,000 deep',
    { 'a.cfg': `route {\n${'if (1) {\n'.repeat(20_000)}exit;${'}'.repeat(20_000)}\n}` },
    /a\.cfg:\d+:\d+: error: blocks are nested more than 100 deep/,
  ],
  [
    'expressions that are nested 20,000 deep',
    { 'a.cfg': `route {\nif ${'('.repeat(20_000)}1${')'.repeat(20_000)} exit; }` },
    /a\.cfg:2:\d+: error: expressions are nested more than 100 deep/,
  ],
  [
    'a regular expression that could take very long',
    { 'a.cfg': `${modules}route {\n\tif (search("(x|a)*\\\\1b")) exit;\n}` },
    /a\.cfg:8:\d+: error: .*could take very long/,
  ],
  [
    'a file of another program',
    { 'a.cfg': '[general]\nbindport=5060 ; the default\nallow=all\n\n[alice](template)\nsecret=x\n' },
    /a\.cfg:\d+:\d+: error: /,
  ],
  [
    'functions and parameters that nobody has',
    { 'a.cfg': `${modules}modparam("registrar", "max_contact", 5)\nroute {\n\tt_rely();\n}\n` },
    /a\.cfg:7:\d+: error: .*max_contact[\s\S]*max_contacts[\s\S]*a\.cfg:9:2: error: .*t_rely[\s\S]*t_relay/,
  ],
];

describe('aorta start with what cannot be run', { concurrency: 2 }, () => {
  const folders: CfgFolder[] = [];
  after(() => {
    for (const folder of folders) folder.remove();
  });

  for (const [what, files, expected] of broken) {
    test(`issue 4, bad input: ${what}`, async () => {
      const folder = new CfgFolder();
      folders.push(folder);
      const [file = ''] = Object.entries(files).map(([name, content]) => folder.write(name, content));
      const { code, stdout, stderr } = await new AortaProcess(['start', file, '--listen', 'udp:127.0.0.1:0', ...alone])
        .finished;
      assert.equal(code, 1);
      // No ready line: nothing was bound.
      assert.equal(stdout, '');
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /\n\s+at .*:\d+:\d+/);
    });
  }

  test('issue 4, bad input: aorta check says the same: a folder, a missing file, garbage', async () => {
    const folder = new CfgFolder();
    folders.push(folder);
    const rows: readonly (readonly [string, RegExp])[] = [
      [folder.path, /:1:1: error: the file cannot be read: it is no file/],
      [`${folder.path}/missing.cfg`, /missing\.cfg:1:1: error: there is no such file/],
      [folder.write('garbage.cfg', garbage), /garbage\.cfg:\d+:\d+: error: [\s\S]* \d+ errors, 0 warnings, 0 notes\n$/],
    ];
    for (const [path, expected] of rows) {
      const { code, stdout, stderr } = await new AortaProcess(['check', path]).finished;
      assert.equal(code, 1, path);
      assert.match(stdout, expected);
      assert.equal(stderr, '');
    }
  });
});

/** What costs too much at run time: a route that OPTIONS gets into, and what is logged. */
const costly: readonly (readonly [string, string, RegExp])[] = [
  [
    'an endless while',
    'route {\n\tif (method=="OPTIONS") {\n\t\twhile (1) {\n\t\t\tsetflag(1);\n\t\t}\n\t}\n\tsl_send_reply("200", "OK");\n}\n',
    /^error: a while loop did not end within 100 rounds .*"place":"costly\.cfg:9:3"/,
  ],
  [
    'a while that ends too late',
    'route {\n\t$var(i) = 0;\n\twhile (method=="OPTIONS" && $var(i) < 101) {\n\t\t$var(i) = $var(i) + 1;\n\t}\n\tsl_send_reply("200", "OK");\n}\n',
    /^error: a while loop did not end within 100 rounds .*"place":"costly\.cfg:9:2"/,
  ],
  [
    'routes that call one another',
    'route {\n\tif (method=="OPTIONS") route(1);\n\tsl_send_reply("200", "OK");\n}\nroute[1] {\n\troute(2);\n}\nroute[2] {\n\troute(1);\n}\n',
    /^error: routes call one another more than 100 deep .*"place":"costly\.cfg:1[25]:2"/,
  ],
  [
    'a route that calls itself on a condition',
    'route {\n\troute(1);\n\tsl_send_reply("200", "OK");\n}\nroute[1] {\n\tif (method=="OPTIONS") route(1);\n}\n',
    /^error: routes call one another more than 100 deep .*"place":"costly\.cfg:12:\d+"/,
  ],
];

describe('a request that would never end', () => {
  for (const [what, routes, expected] of costly) {
    test(`issue 4, bad input: ${what} is 500, with its place in the log; other requests go on`, () =>
      withCfg(
        modules + routes,
        async (running) => {
          const alice = await running.phone('alice');
          for (let time = 0; time < 3; time++) {
            assert.equal((await alice.ask('OPTIONS', 'sip:example.com')).status, 500);
            assert.equal((await alice.ask('MESSAGE', 'sip:example.com')).status, 200);
          }
          assert.equal(running.logged(expected).length, 3, running.log.join('\n'));
        },
        { name: 'costly.cfg' },
      ));
  }

  test('issue 4, bad input: a regular expression that backtracks takes no longer for a hostile message', () =>
    withCfg(
      `${modules}route { if (search("^X-Text: (a+)+(a|aa)+[^!a]$")) sl_send_reply("200", "Match"); else sl_send_reply("200", "None"); }`,
      async (running) => {
        const alice = await running.phone('alice');
        const text = (value: string) => ({ headers: [['X-Text', value]] as [string, string][] });
        assert.equal((await alice.ask('OPTIONS', 'sip:example.com', text('aaaa'))).reason, 'Match');
        // Backtracking would take longer than any test may.
        const hostile = text(`${'a'.repeat(2000)}!`);
        assert.equal((await alice.ask('OPTIONS', 'sip:example.com', hostile)).reason, 'None');
      },
    ));
});

describe('a very long configuration', () => {
  const lines = `${modules}route {\n${'\tsetflag(1);\n'.repeat(100_000)}\tsl_send_reply("200", "OK");\n}\n`;

  test('issue 4, bad input: a hundred thousand good lines are loaded and run', () =>
    withCfg(lines, async (running) => {
      const alice = await running.phone('alice');
      assert.equal((await alice.ask('OPTIONS', 'sip:example.com')).status, 200);
    }));

  test('issue 4, bad input: twenty thousand else ifs are run', () =>
    withCfg(
      `${modules}route { ${'if (method=="X") exit; else '.repeat(20_000)} sl_send_reply("200", "Last"); }`,
      async (running) => {
        const alice = await running.phone('alice');
        assert.equal((await alice.ask('OPTIONS', 'sip:example.com')).reason, 'Last');
      },
    ));
});
