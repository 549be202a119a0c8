import type { AvpName, AvpValue } from '../../routing/avps.ts';
import { isSipError, type SipError } from '../../sip/sip-error.ts';
import { isSipUri, parseUri, type Uri } from '../../sip/uri.ts';
import { textToWire } from '../../sip/wire-text.ts';
import type { BindingProblem, BindingSite, BoundArgument } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { avpAliasesOf, avpNameOf } from '../variables/avp-names.ts';
import { isProblem, problem } from './arguments.ts';

// How avpops writes names and values (cfg-modules §17).

/** An argument such as `i:7/g`: the name of an AVP, and letters behind a slash. */
export interface AvpArgument {
  /** Undefined: all AVPs. */
  readonly name: AvpName | undefined;
  readonly flags: string;
}

/** Names for AVPs that the configuration has defined. */
function aliasesOf(site: BindingSite): ReadonlyMap<string, AvpName> {
  const given = site.parameter('avpops', 'avp_aliases');
  const aliases = typeof given === 'string' ? avpAliasesOf(given) : new Map<string, AvpName>();
  // What is wrong with them is said where they are defined.
  return 'problem' in aliases ? new Map() : aliases;
}

/**
 * Reads `name[/flags]`: `i:7`, `s:x`, `x`, `$alias`, `$avp(i:7)`.
 *
 * @param allowed the letters that may stand behind the slash
 */
export function avpArgument(
  args: readonly BoundArgument[],
  index: number,
  site: BindingSite,
  allowed: string,
): AvpArgument | BindingProblem {
  const text = args[index]?.text.trim() ?? '';
  const slash = text.lastIndexOf('/');
  const spec = slash < 0 ? text : text.slice(0, slash);
  const flags = slash < 0 ? '' : text.slice(slash + 1);
  if ([...flags].some((letter) => !allowed.includes(letter))) {
    return problem(`'/${flags}' must be ${[...allowed].join(', ')} behind the name of an AVP`, index);
  }
  if (spec === '') return { name: undefined, flags };
  const name = avpName(spec, index, site);
  return isNamed(name) ? { name: name.name, flags } : name;
}

/** The name of an AVP, which must be one. */
export function avpName(spec: string, index: number, site: BindingSite): { readonly name: AvpName } | BindingProblem {
  const written = /^\$avp\((.*)\)$/.exec(spec.trim())?.[1] ?? spec;
  const name = avpNameOf(written, aliasesOf(site));
  return 'problem' in name ? problem(name.problem, index) : name;
}

export function isNamed(name: { readonly name: AvpName } | BindingProblem): name is { readonly name: AvpName } {
  return !isProblem(name);
}

/** The value of an argument while a block runs. */
export type ReadValue = (run: CfgRun) => AvpValue | undefined;

/**
 * Reads a value: `$ruri`, `$from`, `$to` with `/username` or `/domain`, `$duri`, `$src_ip`, `$dst_ip`, any variable,
 * `i:7`, `s:text`, or a text.
 */
export function avpValue(text: string, index: number, site: BindingSite): ReadValue | BindingProblem {
  const known = messageValue(text);
  if (known) return known;
  const number = /^i:(-?\d{1,10})$/i.exec(text)?.[1];
  if (number !== undefined) {
    const value = Number(number);
    return () => value;
  }
  const plain = /^s:/i.test(text) ? text.slice(2) : text;
  if (!plain.includes('$')) {
    const value = textToWire(plain);
    return () => value;
  }
  const variable = site.variable(plain);
  if (typeof variable !== 'string') return (run) => variable.read(run);
  const template = site.template(plain);
  return typeof template === 'string' ? problem(template, index) : (run) => template.text(run);
}

function messageValue(text: string): ReadValue | undefined {
  const [, word = '', part] = /^\$(ruri|from|to|duri|src_ip|dst_ip)(?:\/(username|domain))?$/i.exec(text) ?? [];
  switch (word.toLowerCase()) {
    case 'ruri':
      return ({ branch, context }) => partOf(branch === undefined ? context.uri : branch.uri, part);
    case 'from':
      return ({ message: { from } }) => partOf(isSipError(from) ? undefined : from.uriText, part);
    case 'to':
      return ({ message: { to } }) => partOf(isSipError(to) ? undefined : to.uriText, part);
    case 'duri':
      return ({ branch, context }) => (branch === undefined ? context.destinationUri : branch.destinationUri);
    case 'src_ip':
      return ({ context }) => context.flow.remoteAddress;
    case 'dst_ip':
      return ({ context }) => context.flow.localAddress;
    default:
      return undefined;
  }
}

function partOf(text: string | undefined, part: string | undefined): string | undefined {
  if (text === undefined || part === undefined) return text;
  const uri: Uri | SipError = parseUri(text);
  if (isSipError(uri) || !isSipUri(uri)) return undefined;
  return part.toLowerCase() === 'username' ? uri.user : uri.host;
}
