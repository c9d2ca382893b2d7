import { ImagekinError } from '../../core/errors.js';
import { packageVersion } from '../../core/package-version.js';
import type { CatalogDatabase } from './database.js';

/** Says in the file's head what it is: "ikin". */
const applicationId = 0x696b696e;

/** Each takes the schema from the version of its place to the next. What has been published is never changed. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    has_file INTEGER NOT NULL,
    added_at TEXT NOT NULL
  );

  -- The one row: the number of the last transaction that wrote, whose vectors are searched, whose are being made to be
  -- searched next, and which index is wanted.
  CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    change INTEGER NOT NULL,
    model INTEGER REFERENCES models,
    next_model INTEGER REFERENCES models,
    index_kind TEXT,
    quantization TEXT,
    created_at TEXT NOT NULL,
    created_with TEXT NOT NULL
  );

  -- What was given to add, and the folder or file that it means.
  CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    spec TEXT NOT NULL UNIQUE,
    root TEXT,
    added_at TEXT NOT NULL,
    walked_at TEXT
  );

  -- path: absolute, of the file or the archive; entry: the name in the archive, or of an image that is no file.
  CREATE TABLE images (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL REFERENCES sources,
    path TEXT NOT NULL,
    entry TEXT NOT NULL DEFAULT '',
    archived TEXT,
    name TEXT NOT NULL,
    size INTEGER,
    mtime REAL,
    sha256 TEXT,
    width INTEGER,
    height INTEGER,
    format TEXT,
    label TEXT,
    split TEXT,
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    added_at TEXT NOT NULL,
    missing_since TEXT,
    UNIQUE (path, entry)
  );
  CREATE INDEX images_by_source ON images (source);
  CREATE INDEX images_by_sha256 ON images (sha256);
  CREATE INDEX images_by_size ON images (size);
  CREATE INDEX images_by_label ON images (label);
  CREATE INDEX images_missing ON images (missing_since) WHERE missing_since IS NOT NULL;

  -- thumbnail: WebP; print: a perceptual print.
  CREATE TABLE previews (
    image INTEGER PRIMARY KEY REFERENCES images ON DELETE CASCADE,
    thumbnail BLOB,
    print BLOB
  );

  -- vector: float32, little-endian, unit length.
  CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES models,
    image INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
    vector BLOB NOT NULL,
    UNIQUE (model, image)
  );
  CREATE INDEX vectors_by_image ON vectors (image);

  -- Files that could not be used, so that they are not tried again while they stay as they are.
  CREATE TABLE failures (
    path TEXT NOT NULL,
    entry TEXT NOT NULL DEFAULT '',
    source INTEGER NOT NULL REFERENCES sources,
    size INTEGER,
    mtime REAL,
    reason TEXT NOT NULL,
    failed_at TEXT NOT NULL,
    PRIMARY KEY (path, entry)
  );

  -- The last transaction that changed what a search finds of an image. Indexes follow it.
  CREATE TABLE changes (
    image INTEGER PRIMARY KEY,
    change INTEGER NOT NULL
  );
  CREATE INDEX changes_by_change ON changes (change);

  CREATE TRIGGER vector_inserted AFTER INSERT ON vectors WHEN new.model = (SELECT model FROM state) BEGIN
    INSERT INTO changes VALUES (new.image, (SELECT change FROM state))
      ON CONFLICT (image) DO UPDATE SET change = excluded.change;
  END;
  -- An image that has become another one: what other models have made of it is of what it was.
  CREATE TRIGGER vector_updated AFTER UPDATE OF vector ON vectors WHEN new.model = (SELECT model FROM state) BEGIN
    INSERT INTO changes VALUES (new.image, (SELECT change FROM state))
      ON CONFLICT (image) DO UPDATE SET change = excluded.change;
    DELETE FROM vectors WHERE image = new.image AND model <> new.model;
  END;
  CREATE TRIGGER vector_deleted AFTER DELETE ON vectors WHEN old.model = (SELECT model FROM state) BEGIN
    INSERT INTO changes VALUES (old.image, (SELECT change FROM state))
      ON CONFLICT (image) DO UPDATE SET change = excluded.change;
    DELETE FROM vectors WHERE image = old.image AND model <> old.model;
  END;
  CREATE TRIGGER image_lost_or_found AFTER UPDATE OF missing_since ON images
    WHEN (new.missing_since IS NULL) <> (old.missing_since IS NULL) BEGIN
    INSERT INTO changes VALUES (new.id, (SELECT change FROM state))
      ON CONFLICT (image) DO UPDATE SET change = excluded.change;
  END;
  `,
  `
  -- What filters ask for, in one index: it is read in the place of the far longer rows. The label comes first, as it is asked
  -- for most, and the index is not confined to images that are there, or it would be taken for filters of metadata too.
  DROP INDEX images_by_label;
  CREATE INDEX images_by_columns
    ON images (label, missing_since, width, height, size, mtime, split, format, added_at);
  `,
  `
  -- What was decided of copies, and of which bytes: of others nothing has been decided.
  CREATE TABLE decisions (
    image INTEGER PRIMARY KEY REFERENCES images ON DELETE CASCADE,
    decision TEXT NOT NULL CHECK (decision IN ('keep', 'trash')),
    sha256 TEXT,
    decided_at TEXT NOT NULL
  );
  `,
  `
  -- What was set by hand of an image, so that its source does not set it back: 1 of label and split where they were, and the
  -- names in metadata, those that were taken away among them, as a list of JSON.
  CREATE TABLE edits (
    image INTEGER PRIMARY KEY REFERENCES images ON DELETE CASCADE,
    label INTEGER NOT NULL,
    split INTEGER NOT NULL,
    metadata TEXT NOT NULL CHECK (json_valid(metadata)),
    edited_at TEXT NOT NULL
  );

  -- The last transaction that gave an image another label.
  ALTER TABLE state ADD COLUMN label_change INTEGER NOT NULL DEFAULT 0;
  CREATE TRIGGER label_changed AFTER UPDATE OF label ON images WHEN new.label IS NOT old.label BEGIN
    UPDATE state SET label_change = change;
  END;
  `,
];

/**
 * Brings a file to the newest schema; one that is new gets it whole.
 * @throws `collection-newer`; `collection-damaged` where it is a database of something else
 */
export function migrate(db: CatalogDatabase, steps: readonly string[] = migrations): void {
  if (versionOf(db) === steps.length && idOf(db) === applicationId) return;
  db.transaction(() => {
    // Asked again: another process may just have done it.
    const version = versionOf(db);
    const isNew = version === 0 && idOf(db) === 0 && tableCount(db) === 0;
    if (!isNew && idOf(db) !== applicationId) throw foreign(db.path);
    if (version > steps.length) throw newer(db.path, version, steps.length);
    for (const step of steps.slice(version)) db.exec(step);
    if (isNew) {
      const now = new Date().toISOString();
      db.run(
        'INSERT INTO state (one, change, created_at, created_with) VALUES (1, 0, ?, ?)',
        now,
        packageVersion,
      );
    }
    db.exec(`PRAGMA application_id = ${applicationId}`);
    db.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

/**
 * For those who only read: that the schema is the newest already.
 * @throws `collection-newer`, `collection-damaged`
 */
export function requireNewest(db: CatalogDatabase): void {
  const version = versionOf(db);
  if (idOf(db) !== applicationId) throw foreign(db.path);
  if (version > migrations.length) throw newer(db.path, version, migrations.length);
  if (version < migrations.length) throw older(db.path, version);
}

function versionOf(db: CatalogDatabase): number {
  return db.row<[number]>('PRAGMA user_version')![0];
}

function idOf(db: CatalogDatabase): number {
  return db.row<[number]>('PRAGMA application_id')![0];
}

function tableCount(db: CatalogDatabase): number {
  return db.row<[number]>('SELECT count(*) FROM sqlite_schema')![0];
}

function foreign(path: string): ImagekinError {
  return new ImagekinError('collection-damaged', {
    where: path,
    expected: 'the catalog of a collection',
    got: 'a database of something else',
    fix: 'name another folder',
  });
}

function older(path: string, version: number): ImagekinError {
  return new ImagekinError('collection-damaged', {
    where: path,
    expected: `a catalog of version ${migrations.length}`,
    got: `version ${version}`,
    fix: 'bring it up to date, which any other command does, such as imagekin search',
  });
}

function newer(path: string, version: number, known: number): ImagekinError {
  return new ImagekinError('collection-newer', {
    where: path,
    expected: `a catalog of version ${known} or older`,
    got: `version ${version}`,
    fix: 'take a newer imagekin: npm install imagekin@latest',
  });
}
