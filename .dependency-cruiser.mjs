/**
 * The import rules of docs/architecture.md, checked by `npm run rules`.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A circle means two files are one.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'models-are-pure',
      severity: 'error',
      comment: 'models/ is mathematics: it may import itself, TensorFlow.js and libsvm-js, nothing else.',
      from: { path: '^models/' },
      to: { pathNot: ['^models/', '^node_modules/(@tensorflow/|libsvm-js/)'] },
    },
    {
      name: 'contract-is-plain',
      severity: 'error',
      comment: 'The contract is compiled into the window too: types from models/ and the schema library only.',
      from: { path: '^src-main/contract/' },
      to: { pathNot: ['^models/', '^src-main/contract/', '^node_modules/valibot/'] },
    },
    {
      name: 'source-only-reads-lines',
      severity: 'error',
      comment: 'src-main/source/ hands on lines; what a line means is the business of the engine.',
      from: { path: '^src-main/source/' },
      to: { pathNot: ['^src-main/source/', '^src-main/contract/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'engine-without-electron-or-source',
      severity: 'error',
      comment:
        'The engine also runs in the CLI, in the worker and in tests: Node and models only; lines are brought to it.',
      from: { path: '^src-main/engine/' },
      to: {
        pathNot: ['^src-main/(engine|line-forms|contract|system)/', '^models/', '^conf/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'line-forms-are-plain',
      severity: 'error',
      comment: 'src-main/line-forms/ knows texts only: the engine reads by it, and the setup check advises by it.',
      from: { path: '^src-main/line-forms/' },
      to: { pathNot: ['^src-main/line-forms/'] },
    },
    {
      name: 'math-only-loads-engines',
      severity: 'error',
      comment:
        'src-main/math/ makes the engines of models/ ready: Node, models and the optional packages, no line and no user.',
      from: { path: '^src-main/math/' },
      to: {
        pathNot: ['^src-main/math/', '^models/', '^package[.]json$', '^node_modules/(@tensorflow/|libsvm-js/)'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'simulator-is-pure',
      severity: 'error',
      comment:
        'src-main/simulate/ makes lines of a seed: no file, no clock, and nothing of those who are judged by what it makes.',
      from: { path: '^src-main/simulate/' },
      to: { pathNot: ['^src-main/simulate/', '^models/random[.]ts$', '^conf/'] },
    },
    {
      name: 'electron-in-desktop-only',
      severity: 'error',
      comment: 'Electron is used by main.ts, preload.ts and desktop/; all else is testable without it.',
      from: {
        path: '^(models|src-main|src-renderer|test)/',
        pathNot: '^src-main/(main[.]ts|preload[.]ts|desktop/)',
      },
      to: { path: '^node_modules/electron(-store)?/' },
    },
    {
      name: 'desktop-asks-worker-by-message',
      severity: 'error',
      comment: 'The main process must never load the models: it would block the desktop, or the page, while training.',
      from: { path: '^src-main/(main[.]ts|web[.]ts|desktop/|host/|web/)' },
      to: { path: '^(models/[^/]+/|src-main/engine/)', reachable: true },
    },
    {
      name: 'desktop-only-shows',
      severity: 'error',
      comment:
        'The main process brings lines and speaks to the person: Electron, source/, settings and messages, and nothing else that could grow into work.',
      from: { path: '^src-main/(main[.]ts|desktop/)' },
      to: {
        pathNot: [
          '^src-main/(desktop/|host/|osquery/|terminal/|own-log/|source/|system/|contract/|example/(source|labels)[.]ts$|settings/(config|repair)[.]ts$|worker/serve[.]ts$)',
          '^node_modules/(electron|electron-store|valibot)/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'host-serves-both',
      severity: 'error',
      comment:
        'src-main/host/ is what the desktop and the browser host share: the link to the worker, quiet, the setup check. It shows nothing.',
      from: { path: '^src-main/host/' },
      to: {
        pathNot: [
          '^src-main/(host/|line-forms/|osquery/|terminal/|own-log/|intake/|source/|system/|contract/|example/(source|labels)[.]ts$|worker/serve[.]ts$)',
          '^node_modules/valibot/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'web-needs-no-framework',
      severity: 'error',
      comment:
        'The browser host answers a page on this machine with what Node has: the less there is, the less can be attacked.',
      from: { path: '^src-main/(web[.]ts$|web/)' },
      to: {
        pathNot: [
          '^src-main/(web[.]ts$|web/|host/|terminal/|own-log/|system/|contract/|settings/config[.]ts$|worker/serve[.]ts$)',
          '^package[.]json$',
          '^node_modules/valibot/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'own-log-knows-no-data',
      severity: 'error',
      comment:
        'src-main/own-log/ writes what the contract lists, by what Node has: nothing that knows of a line or a user.',
      from: { path: '^src-main/own-log/' },
      to: { pathNot: ['^src-main/(own-log/|contract/)'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'settings-show-nothing',
      severity: 'error',
      comment:
        'src-main/settings/ reads and writes one file, and says what of it is for the engine: no screen, no line.',
      from: { path: '^src-main/settings/' },
      to: {
        pathNot: [
          '^src-main/(settings/|contract/|engine/)',
          '^models/(math-engine|tuning)[.]ts$',
          '^node_modules/(valibot|@valibot/to-json-schema|conf)/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'training-is-the-engines',
      severity: 'error',
      comment:
        'src-main/training/ trains one model in a thread: the engine and its arithmetic, nothing that shows or reads.',
      from: { path: '^src-main/training/' },
      to: { pathNot: ['^src-main/(training/|engine/|math/)', '^models/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'intake-brings-lines',
      severity: 'error',
      comment:
        'src-main/intake/ brings what source/ reads to an engine, in this process or by message: it shows nothing.',
      from: { path: '^src-main/intake/' },
      to: {
        pathNot: ['^src-main/(intake/|source/|engine/|contract/|own-log/|system/|training/)'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'export-only-sends',
      severity: 'error',
      comment:
        'src-main/export/ makes forms of events and sends them: it is given events, and has no store and no engine.',
      from: { path: '^src-main/export/' },
      to: {
        pathNot: ['^src-main/(export/|contract/|system/)', '^node_modules/valibot/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'osquery-is-only-read',
      severity: 'error',
      comment: 'src-main/osquery/ reads what osquery is told to do, for setup and doctor alike: Node and nothing else.',
      from: { path: '^src-main/osquery/' },
      to: { pathNot: ['^src-main/osquery/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'system-is-node-alone',
      severity: 'error',
      comment: 'src-main/system/ does in one place what Node leaves to everybody, for every room: it knows of no room.',
      from: { path: '^src-main/system/' },
      to: { pathNot: ['^src-main/system/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'terminal-only-prints',
      severity: 'error',
      comment: 'src-main/terminal/ is the one door to a terminal, for every room: it knows of no room and no data.',
      from: { path: '^src-main/terminal/' },
      to: { pathNot: ['^src-main/contract/visible-text[.]ts$'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'preload-brings-nothing',
      severity: 'error',
      comment: 'The preload script runs beside the page: what it brings along, a page could get hold of.',
      from: { path: '^src-main/preload[.]ts$' },
      to: { pathNot: ['^node_modules/electron/', '^src-main/contract/(contract|ipc)[.]ts$'] },
    },
    {
      name: 'window-knows-messages-only',
      severity: 'error',
      comment: 'The page is not trusted and not Node: what it knows of the program is the contract.',
      from: { path: '^src-renderer/' },
      to: {
        pathNot: ['^src-renderer/', '^src-main/contract/', '^node_modules/(svelte|vite|@sveltejs/vite-plugin-svelte)/'],
      },
    },
    {
      name: 'parts-get-props',
      severity: 'error',
      comment: 'A part shows what it is given and calls back: it asks nobody, and can be used on any screen.',
      from: { path: '^src-renderer/parts/' },
      to: {
        path: '^src-renderer/(screens/|lib/(bridge|live[.]svelte|place[.]svelte)[.]ts$|App[.]svelte$)',
        reachable: true,
      },
    },
    {
      name: 'worker-only-answers',
      severity: 'error',
      comment:
        'The worker has no screen and reads no log: it must start where there is no Electron, as it does in tests.',
      from: { path: '^src-main/worker([.]ts$|/)' },
      to: {
        path: '^src-main/(main[.]ts|preload[.]ts|cli[.]ts|web[.]ts|desktop/|host/|web/|source/|cli/)|^node_modules/electron(-store)?/',
      },
    },
    {
      name: 'nothing-needs-tests',
      severity: 'error',
      comment: 'What ships must run without test/.',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'nats-in-fleet-only',
      severity: 'error',
      comment: 'NATS is for the fleet: the desktop and all other commands must not even load it.',
      from: {
        path: '^(models|src-main|src-renderer)/',
        pathNot: '^src-main/(fleet-partition[.]ts$|fleet/|cli/fleet/)',
      },
      to: { path: ['^node_modules/@nats-io/', '^src-main/fleet/'] },
    },
    {
      name: 'fleet-is-loaded-when-asked-for',
      severity: 'error',
      comment:
        'The command line names what a fleet does by its address only: a static import would put NATS into its bundle.',
      from: { path: '^src-main/(cli[.]ts$|cli/fleet/define[.]ts$)' },
      to: {
        path: '^src-main/(fleet/|cli/fleet/(?!define))|^node_modules/@nats-io/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'supervisor-has-no-engine',
      severity: 'error',
      comment: 'Whatever an engine does, the lease is renewed: partitions are worked on in processes of their own.',
      from: { path: '^src-main/fleet/supervisor/' },
      to: { path: '^(models/|src-main/engine/)' },
    },
    {
      name: 'fleet-wire-is-plain',
      severity: 'error',
      comment:
        'src-main/fleet/wire/ is names, messages and the way to the servers: nothing of engines, sources or commands.',
      from: { path: '^src-main/fleet/wire/' },
      to: {
        pathNot: ['^src-main/fleet/(wire/|failure[.]ts$)', '^node_modules/(@nats-io|valibot)/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nobody imports this file: use it or delete it.',
      from: {
        orphan: true,
        pathNot: [
          '[.]d[.]ts$',
          '[.]config[.](ts|js|mjs)$',
          '^[.]',
          '^scripts/',
          '^test/.*[.]test[.]ts$',
          '^test/desktop/smoke[.]ts$',
          '^models/kernels/assembly/',
          '^src-main/math/shipped/',
          '^src-main/training/training-thread[.]ts$',
          '^src-main/fleet-partition[.]ts$',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // `npm run graph`: a room is a point, and so is what lies loose at src-main's top.
    reporterOptions: { archi: { collapsePattern: '^(conf|models|src-renderer|src-main/[^/]+)' } },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'src-main/tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.svelte', '.css'],
    },
  },
};
