// The layers of ARCHITECTURE.md: an import may only point down, or stay in its folder.
const layers = [
  ['base'],
  ['sip', 'script'],
  ['transport'],
  ['transaction', 'location'],
  ['registrar', 'proxy', 'nat'],
  ['routing'],
  ['modules'],
  ['cfg'],
  ['adapt', 'stores', 'admin'],
  ['server'],
  ['cli'],
];

const rules = layers.flatMap((folders, height) => {
  const above = layers.slice(height + 1).flat();
  return folders.map((folder) => {
    const beside = folders.filter((other) => other !== folder);
    return {
      name: `${folder}-points-down`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { path: `^src/(${[...above, ...beside, 'testing'].join('|')})/` },
    };
  });
});

module.exports = {
  forbidden: [
    ...rules,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'pure-folders-have-no-system',
      comment: 'Sockets, files and clocks are passed in; the pure folders compute.',
      severity: 'error',
      from: { path: '^src/(base|sip|transaction|location|registrar|proxy|nat|routing|modules|script|cfg|adapt)/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['aorta-source', 'import', 'node', 'default'], extensions: ['.ts', '.js'] },
  },
};
