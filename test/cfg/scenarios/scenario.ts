import { readFileSync } from 'node:fs';
import type { CfgServer } from './cfg-server.ts';

/** Something that happens with a running configuration. Its users are its own, so scenarios share a server. */
export interface Scenario {
  /** A sentence with the section that says so. */
  readonly title: string;
  readonly run: (running: CfgServer) => Promise<void>;
}

/** The text of a configuration in `files`. */
export function fileText(name: string): string {
  return readFileSync(new URL(`./files/${name}`, import.meta.url), 'utf8');
}
