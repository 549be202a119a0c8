import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FormatPiece, type PvSpec, parseFormat, parsePv } from './pv-syntax.ts';

/** A variable in a short form: name(argument)[index]{class.name|parameter|parameter}. */
function short(pv: PvSpec): string {
  const argument = pv.argument === undefined ? '' : `(${pv.argument.pieces.map(shortPiece).join('')})`;
  const transformations = pv.transformations.map((one) =>
    [`${one.class}.${one.name}`, ...one.parameters.map((parameter) => parameter.pieces.map(shortPiece).join(''))].join(
      '|',
    ),
  );
  return `${pv.name}${argument}${shortIndex(pv)}${transformations.map((one) => `{${one}}`).join('')}`;
}

function shortIndex({ index }: PvSpec): string {
  if (index === undefined) return '';
  if (index.kind === 'all') return '[*]';
  return `[${index.kind === 'number' ? index.value : `<${short(index.pv)}>`}]`;
}

function shortPiece(piece: FormatPiece): string {
  if (piece.kind === 'text') return piece.text;
  return piece.kind === 'variable' ? `<${short(piece.pv)}>` : `?${piece.message}?`;
}

const variables: readonly (readonly [text: string, form: string])[] = [
  ['$ru', 'ru'],
  ['$?', '?'],
  ['$retcode', 'retcode'],
  ['$T_branch_idx', 'T_branch_idx'],
  ['$(ru)', 'ru'],
  ['$avp(s:foo)', 'avp(s:foo)'],
  ['$avp(i:55)', 'avp(i:55)'],
  ['$avp($mailbox)', 'avp(<mailbox>)'],
  ['$avp(i:7[*])', 'avp(i:7)[*]'],
  ['$hdr(Via[-1])', 'hdr(Via)[-1]'],
  ['$(hdr(X)[0]{s.len})', 'hdr(X)[0]{s.len}'],
  ['$(avp(x)[$var(i)])', 'avp(x)[<var(i)>]'],
  ['$(avp(x)[*])', 'avp(x)[*]'],
  ['$xavp(a=>b)', 'xavp(a=>b)'],
  ['$xavp(a[0]=>b[1])', 'xavp(a[0]=>b[1])'],
  ['$sht(a=>$fU::x)', 'sht(a=><fU>::x)'],
  ['$(sht(a=>$(fU{s.tolower})))', 'sht(a=><fU{s.tolower}>)'],
  ['$shv(n)', 'shv(n)'],
  ['$sel(cfg_get.pstn.gw_ip)', 'sel(cfg_get.pstn.gw_ip)'],
  ['$(fU{s.select,1,:}{s.int})', 'fU{s.select|1|:}{s.int}'],
  ['$(fU{s.select,0,,})', 'fU{s.select|0|,}'],
  ['$(ru{uri.param,x})', 'ru{uri.param|x}'],
  ['$(ct{nameaddr.uri}{uri.host})', 'ct{nameaddr.uri}{uri.host}'],
  ['$(var(x){s.substr,$var(from),$(ru{s.len})})', 'var(x){s.substr|<var(from)>|<ru{s.len}>}'],
  ['$(fu{s.encode.hexa})', 'fu{s.encode.hexa}'],
  ['$( ru { s.len } )', 'ru{s.len}'],
];

for (const [text, form] of variables) {
  test(`cfg-language §9, §13: ${text} is ${form}`, () => {
    const pv = parsePv(text);
    assert(!('problem' in pv), JSON.stringify(pv));
    assert.equal(short(pv), form);
    assert.equal(pv.text, text);
  });
}

const problems: readonly (readonly [text: string, problem: string, at: number])[] = [
  ['$', "expected a variable's name after '$'", 0],
  ['ru', "expected a variable's name after '$'", 0],
  ['$()', "expected a variable's name after '$('", 2],
  ['$hdr(X', "'(' is not closed: expected ')'", 4],
  ['$(ru', "'$(' is not closed: expected ')'", 1],
  ['$(ru{s.len)', "'{' is not closed: expected '}'", 4],
  ['$(ru{len})', "'{len}' is no transformation: expected '{class.name}' or '{class.name,parameter}'", 9],
  ['$(hdr(X)[a])', "'[a]' is no index: expected a number, '*' or a variable", 11],
  ['$(ru x)', "did not expect 'x' in a variable", 5],
  ['$ru{s.len}', "'{s.len}' does not belong to the variable", 3],
];

for (const [text, problem, at] of problems) {
  test(`cfg-language §9: ${text} is refused: ${problem}`, () => {
    assert.deepEqual(parsePv(text), { problem, at });
  });
}

const formats: readonly (readonly [text: string, form: string, what: string])[] = [
  ['no variable', 'no variable', 'a text without variables is one piece'],
  ['', '', 'an empty text has none'],
  ['new $rm from $fu to <$ru>\n', 'new <rm> from <fu> to <<ru>>\n', 'variables between text'],
  ['$$ $$ru', '$ $ru', '$$ is a dollar'],
  ['^sip:(a|b)$', '^sip:(a|b)$', 'a dollar at the end is one: the end of a line in a regular expression'],
  ['5$ and $, $1', '5$ and $, $1', 'a dollar before no name is one'],
  ['sip:$rU@$rd:$rp', 'sip:<rU>@<rd>:<rp>', 'a name ends where its characters end'],
  ['$hdr(X)[0]', '<hdr(X)>[0]', 'an index needs $( ... )'],
  ['a $(ru b', "a ?'$(' is not closed: expected ')'?", 'an open variable takes the rest'],
  ['a $(1) b', "a ?expected a variable's name after '$('? b", 'a malformed one is a problem, and the text goes on'],
];

for (const [text, form, what] of formats) {
  test(`cfg-language §9, format strings: ${what}`, () => {
    assert.equal(parseFormat(text).map(shortPiece).join(''), form);
  });
}

test('cfg-language §9, format strings: a piece says where it stands', () => {
  const [, variable] = parseFormat('to $(ru{s.len})!');
  assert(variable?.kind === 'variable');
  assert.deepEqual([variable.start, variable.end], [3, 15]);
});

test('nested variables are bounded', () => {
  const text = `${'$x('.repeat(20)}${')'.repeat(20)}`;
  assert.match(JSON.stringify(parseFormat(text)), /nested too deep/);
});

test('property: pieces cover the whole text in order, whatever it is', () => {
  const hostile = fc.array(fc.constantFrom('$', '(', ')', '[', ']', '{', '}', ',', 'a', 's.len', '=>', '*', ' ', '?'));
  fc.assert(
    fc.property(hostile, (parts) => {
      const text = parts.join('');
      let at = 0;
      for (const piece of parseFormat(text)) {
        if (piece.kind === 'text') continue;
        assert(piece.start >= at && piece.end > piece.start && piece.end <= text.length);
        assert.equal(text.slice(piece.start, piece.end), piece.kind === 'variable' ? piece.pv.text : piece.text);
        at = piece.end;
      }
    }),
  );
});
