import { didYouMean } from '../../base/did-you-mean.ts';
import type { AvpName } from '../../routing/avps.ts';
import { malformed, type VariableProblem } from './problem.ts';

/**
 * Reads the name of an AVP (cfg-language 10): `i:7` an id, `s:x` and a bare `x` a string, `$x` an alias. A bare word that is an
 * alias means what the alias means.
 */
export function avpNameOf(
  spec: string,
  aliases: ReadonlyMap<string, AvpName>,
): { readonly name: AvpName } | VariableProblem {
  const text = spec.trim();
  if (text.startsWith('$')) {
    const alias = aliases.get(text.slice(1));
    if (alias !== undefined) return { name: alias };
    const meant = didYouMean(text.slice(1), aliases.keys());
    const hint = meant === undefined ? 'define it with avp_aliases' : `did you mean '$${meant}'?`;
    return malformed(`there is no AVP alias '${text}'; ${hint}`);
  }
  const prefix = text.slice(0, 2).toLowerCase();
  if (prefix === 'i:') {
    const id = text.slice(2).trim();
    const number = /^(\d{1,10}|0[xX][0-9A-Fa-f]{1,8})$/.test(id) ? Number(id) : 0;
    if (number < 1 || number > 0x7fffffff)
      return malformed(`'${text}' is no AVP id: expected 'i:' and a number from 1`);
    return { name: number };
  }
  const name = prefix === 's:' ? text.slice(2) : text;
  if (name === '' || /[\s/$]/.test(name))
    return malformed(`'${spec}' is no name of an AVP: expected 'i:7' or 's:name'`);
  return { name: prefix === 's:' ? name : (aliases.get(name) ?? name) };
}

/** Reads `avp_aliases`: `email=s:email_address;caller=i:9`. */
export function avpAliasesOf(text: string): ReadonlyMap<string, AvpName> | VariableProblem {
  const aliases = new Map<string, AvpName>();
  for (const definition of text.split(';')) {
    if (definition.trim() === '') continue;
    const equals = definition.indexOf('=');
    const alias = definition.slice(0, equals).trim();
    if (equals < 0 || !/^[A-Za-z0-9_]+$/.test(alias)) {
      return malformed(`'${definition.trim()}' defines no AVP alias: expected 'name=i:7' or 'name=s:text'`);
    }
    const target = avpNameOf(definition.slice(equals + 1), aliases);
    if ('problem' in target) return target;
    aliases.set(alias, target.name);
  }
  return aliases;
}
