/** What the rest of the configuration language needs of variables. */
export { avpAliasesOf, avpNameOf } from './avp-names.ts';
export { isVariableProblem, type VariableProblem } from './problem.ts';
export { templateOf, variableOf } from './resolve.ts';
export { VariableScope, type VariableScopeOptions } from './scope.ts';
export type { CfgValue, Template, Variable } from './template.ts';
export { literalTemplate } from './templates.ts';
export { nullText, numberOf, textOf } from './values.ts';
