// The arrows of the architecture: which folder of src/ may import which. See docs/architecture.md.
const mayImport = {
  core: [],
  api: ['core'],
  engine: ['core'],
  image: ['core'],
  data: ['core', 'image'],
  learning: ['core', 'engine', 'data', 'image'],
  embedding: ['core', 'engine', 'image'],
  evaluation: ['core', 'engine'],
  collection: ['core', 'engine'],
  report: ['core', 'image'],
  app: [
    'core',
    'engine',
    'image',
    'data',
    'learning',
    'embedding',
    'evaluation',
    'report',
    'collection',
    'api',
  ],
  server: ['core', 'app', 'api'],
  client: [],
  cli: ['core', 'app', 'server'],
};

const arrows = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-${allowed.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: '[.]test[.]ts$' },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-the-engine-imports-onnxruntime',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/|[.]test[.]ts$' },
      to: { path: 'onnxruntime' },
    },
    {
      name: 'only-the-collection-imports-its-stores',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/collection/|[.]test[.]ts$' },
      to: { path: 'node_modules/(libsql|usearch)' },
    },
    {
      name: 'only-the-layout-imports-umap',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/evaluation/map/umap-layout[.]ts$' },
      to: { path: 'node_modules/umap-js' },
    },
    {
      name: 'the-client-runs-in-browsers',
      severity: 'error',
      from: { path: '^src/client/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
