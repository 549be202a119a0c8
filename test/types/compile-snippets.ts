import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles texts as files of this repository, each by itself, with its compiler options.
 *
 * @returns for each text the compiler's errors, as `TS2322: …` lines; '' when there are none
 */
export function compileSnippets(texts: readonly string[]): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${root}tsconfig.json`,
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => {
        throw new Error(messageOf(problem));
      },
    },
  );
  if (!config) throw new Error('tsconfig.json cannot be read');
  const files = new Map(texts.map((text, index) => [`${root}test/types/snippet-${index}.ts`, text]));
  const host = ts.createCompilerHost(config.options);
  const { readFile, fileExists } = host;
  host.readFile = (file) => files.get(file) ?? readFile.call(host, file);
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  const program = ts.createProgram([...files.keys()], config.options, host);
  return [...files.keys()].map((file) => {
    const source = program.getSourceFile(file);
    const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return problems.map(messageOf).join('\n');
  });
}

function messageOf({ code, messageText }: ts.Diagnostic): string {
  return `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
