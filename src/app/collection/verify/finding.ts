/** `damage`: something is lost, wrong or not found. `note`: worth knowing; nothing suffers by it. */
export type Severity = 'damage' | 'note';

interface Kind {
  readonly severity: Severity;
  /** What it means to whoever keeps the collection. */
  readonly meaning: string;
  /** What mends it. */
  readonly mend: string;
}

const addAgain = 'imagekin add, with the sources that they came by, embeds them anew after verify --fix';

/** All that can be wrong with a collection. */
export const findingKinds = {
  'catalog-damaged': {
    severity: 'damage',
    meaning: 'SQLite finds the catalog damaged: something of it may be lost',
    mend: 'put a copy of catalog.sqlite back, or make the collection anew by imagekin add',
  },
  'rows-orphaned': {
    severity: 'damage',
    meaning: 'rows of the catalog belong to images, models or sources that are not there',
    mend: 'verify --fix removes them',
  },
  'model-missing': {
    severity: 'damage',
    meaning: 'the file of a model is gone: no picture can be added, or searched by',
    mend: 'put a copy of the model there, by the name that is given',
  },
  'model-damaged': {
    severity: 'damage',
    meaning: 'the file of a model is not the one that made the vectors',
    mend: 'put a copy of the model there, by the name that is given',
  },
  'images-without-vector': {
    severity: 'damage',
    meaning: 'images that are there have no vector, so that no search finds them',
    mend: addAgain,
  },
  'vectors-malformed': {
    severity: 'damage',
    meaning: 'vectors of another length than the model makes: searches may fail',
    mend: addAgain,
  },
  'vectors-not-finite': {
    severity: 'damage',
    meaning: 'vectors with NaN or infinity: no search finds their images',
    mend: addAgain,
  },
  'vectors-not-unit': {
    severity: 'damage',
    meaning: 'vectors that are not of unit length: their scores are wrong',
    mend: addAgain,
  },
  'index-damaged': {
    severity: 'damage',
    meaning: 'files of the index are not as they were written; the next search notices, and makes them anew',
    mend: 'verify --fix or imagekin reindex makes them anew',
  },
  'index-differs': {
    severity: 'damage',
    meaning: 'the index holds other vectors than the catalog: searches may find wrong images',
    mend: 'verify --fix or imagekin reindex makes it anew',
  },
  'files-gone': {
    severity: 'damage',
    meaning: 'files of images are not where they were',
    mend: 'imagekin add finds those that were moved; verify --fix marks them as missing',
  },
  'files-changed': {
    severity: 'damage',
    meaning: 'files have other bytes than those that were embedded',
    mend: `put the files back, or take them as they are: ${addAgain}`,
  },
  'files-unreadable': {
    severity: 'damage',
    meaning: 'files are there but cannot be read',
    mend: 'check who may read them, and the disk',
  },
  'images-without-preview': {
    severity: 'note',
    meaning: 'images have no small picture, as those that were imported: pages show their files or nothing',
    mend: 'nothing need be done',
  },
  leftovers: {
    severity: 'note',
    meaning: 'files that killed processes have left, or that nothing needs any more',
    mend: 'imagekin compact removes them',
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type FindingKind = keyof typeof findingKinds;

/** What `--fix` has come to: `queued`, where the next `add` does the rest. */
export type Fixed = 'mended' | 'queued' | 'no';

export interface Finding extends Kind {
  readonly kind: FindingKind;
  readonly count: number;
  /** Some of them: paths, names of images, messages of SQLite. */
  readonly examples: readonly string[];
  readonly fixed: Fixed;
}

/** What a check has found, and how it can be mended without a loss; it is not where that cannot be. */
export interface Found {
  readonly kind: FindingKind;
  readonly count: number;
  readonly examples: readonly string[];
  readonly fix?: () => Promise<Exclude<Fixed, 'no'>> | Exclude<Fixed, 'no'>;
}

export const mostExamples = 10;
