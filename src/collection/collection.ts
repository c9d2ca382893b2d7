import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { Catalog } from './catalog/catalog.js';
import type { NewCatalogModel } from './catalog/model-table.js';
import type { CatalogModel, VectorTable } from './catalog/vector-table.js';
import type { VectorChanges, VectorRows, VectorSource } from './index/vector-source.js';
import { catalogPath, isCollection } from './is-collection.js';

export { isCollection } from './is-collection.js';

/** A model as a collection takes it: one file that makes vectors of images. */
export interface NewModel {
  /** SHA-256 of the bytes, hex. */
  readonly id: string;
  /** What to call it in messages. */
  readonly name: string;
  readonly dimension: number;
  /** Left out where there are only its vectors: then no file can be searched by. */
  readonly bytes?: Uint8Array;
}

/**
 * A folder with all that is needed to search some images: `catalog.sqlite`, which is the truth, the model that made the
 * vectors in `models/`, and `index/`, which is made of the catalog and may be deleted at any time. The images themselves
 * stay where they are.
 */
export class Collection {
  private constructor(
    readonly directory: string,
    readonly catalog: Catalog,
  ) {}

  /**
   * Makes a collection in a folder that is not there yet, or empty.
   * @throws `file-not-writable` where something else lies there
   */
  static async create(directory: string, model: NewModel): Promise<Collection> {
    await requireOwnFolder(directory);
    await keepModel(directory, model);
    const catalog = Catalog.open(catalogPath(directory));
    catalog.write(() => {
      // Another process may have made it at the same time, and with another model.
      if (!catalog.models.active()) catalog.models.activate(catalog.models.add(known(model)));
    });
    // As long as it was not known, another process may have taken the file for one that nobody needs.
    await keepModel(directory, model);
    return new Collection(directory, catalog);
  }

  /** @throws `collection-missing`, `collection-damaged`, `collection-newer` */
  static open(directory: string): Collection {
    requireCollection(directory);
    return new Collection(directory, Catalog.open(catalogPath(directory)));
  }

  /** Opens a collection of which nothing will be changed, not even the form of its catalog. @throws as `open` */
  static openToRead(directory: string): Collection {
    requireCollection(directory);
    return new Collection(directory, Catalog.openToRead(catalogPath(directory)));
  }

  /** The one whose vectors are searched. Another process may change it. */
  get model(): CatalogModel {
    const active = this.catalog.models.active();
    if (active) return active;
    throw new ImagekinError('collection-damaged', {
      where: this.directory,
      expected: 'a model',
      got: 'none: the process that made it was stopped',
      fix: 'remove the folder, and make the collection anew by imagekin add',
    });
  }

  /** The vectors that are searched. */
  get vectors(): VectorTable {
    return this.catalog.models.vectors(this.model);
  }

  /** The same, of whatever model they are at the time: for those who search for long. */
  get searchedVectors(): VectorSource {
    return new SearchedVectors(this);
  }

  /** Path of a model's file. */
  modelPath({ id }: Pick<CatalogModel, 'id'>): string {
    return join(this.directory, 'models', `${id}.onnx`);
  }

  /**
   * Bytes of the model whose vectors are searched.
   * @throws `model-missing` where the collection was made of vectors alone; `collection-damaged` where they are gone
   */
  async modelBytes(model: CatalogModel = this.model): Promise<Uint8Array> {
    if (!model.hasFile)
      throw new ImagekinError('model-missing', {
        where: this.directory,
        expected: `the model that made the vectors, ${model.name}`,
        got: 'a collection of imported vectors alone',
        fix: 'search by the id of an image that it has, or give it the model: imagekin import --model <file>',
      });
    try {
      return await readFile(this.modelPath(model));
    } catch (cause) {
      throw new ImagekinError('collection-damaged', {
        where: this.modelPath(model),
        expected: `the model that made the vectors, ${model.name}`,
        got: 'no file that can be read',
        fix: 'put a copy of it there',
        cause,
      });
    }
  }

  /**
   * Keeps the file of a model and makes it known, without searching its vectors yet.
   * @param also what is to be written at the same time
   */
  async addModel(model: NewModel, also: (added: CatalogModel) => void = () => {}): Promise<CatalogModel> {
    await keepModel(this.directory, model);
    const added = this.catalog.write(() => {
      const added = this.catalog.models.add(known(model));
      also(added);
      return added;
    });
    // As long as it was not known, another process may have taken the file for one that nobody needs.
    await keepModel(this.directory, model);
    return added;
  }

  /** Removes files of models that are not known. @returns their bytes */
  removeUnknownModels(): number {
    return this.catalog.write(() => {
      const directory = join(this.directory, 'models');
      const known = new Set(this.catalog.models.all().map(({ id }) => `${id}.onnx`));
      const names = existsSync(directory) ? readdirSync(directory) : [];
      let bytes = 0;
      // Within the transaction, in which nobody can make one known.
      for (const name of names.filter((name) => name.endsWith('.onnx') && !known.has(name))) {
        bytes += statSync(join(directory, name)).size;
        rmSync(join(directory, name));
      }
      return bytes;
    });
  }

  /** Where indexes may keep their files. */
  get indexDirectory(): string {
    return join(this.directory, 'index');
  }

  close(): void {
    this.catalog.close();
  }
}

/** Asks the catalog each time which model's vectors are searched, as another process may change that. */
class SearchedVectors implements VectorSource {
  constructor(private readonly collection: Collection) {}

  get modelId(): string {
    return this.collection.model.id;
  }

  get dimension(): number {
    return this.collection.model.dimension;
  }

  count(): number {
    return this.collection.vectors.count();
  }

  change(): number {
    return this.collection.catalog.change();
  }

  all(): ReturnType<VectorSource['all']> {
    return this.collection.vectors.all();
  }

  changesSince(change: number): VectorChanges {
    return this.collection.vectors.changesSince(change);
  }

  of(ids: Uint32Array): VectorRows {
    return this.collection.vectors.of(ids);
  }
}

function known({ id, name, dimension, bytes }: NewModel): NewCatalogModel {
  return { id, name, dimension, hasFile: bytes !== undefined };
}

function requireCollection(directory: string): void {
  if (isCollection(directory)) return;
  throw new ImagekinError('collection-missing', {
    where: directory,
    expected: 'a collection',
    got: existsSync(directory) ? 'a folder without a catalog.sqlite' : 'nothing',
    fix: `make one: imagekin add ${directory} <images...> --model <file>`,
  });
}

async function keepModel(directory: string, { id, bytes }: NewModel): Promise<void> {
  if (bytes === undefined) return;
  const path = join(directory, 'models', `${id}.onnx`);
  if (!existsSync(path)) await writeFileAtomic(path, bytes);
}

async function requireOwnFolder(directory: string): Promise<void> {
  const others = (await readdir(directory).catch(() => [])).filter((name) => name !== 'models');
  if (others.length > 0 && !isCollection(directory))
    throw new ImagekinError('file-not-writable', {
      where: directory,
      expected: 'a collection, an empty folder, or none',
      got: `a folder with ${others[0]} in it`,
      fix: 'name another folder for the collection, such as photos.kin',
    });
  await mkdir(directory, { recursive: true });
}
