import type { Database, Statement } from 'better-sqlite3'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type CompiledQuery } from 'kysely'
import { openDatabase, type TrackerFiles } from './database.ts'
import { encryptDatabase } from './encrypt.ts'
import type { Tables } from './tables.ts'

/** Builds typed queries. They are run by a `Tracker`, at once: main's own reads and writes are small. */
export const sql = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler()
  }
})

interface Query<Row> {
  readonly compile: () => CompiledQuery<Row>
}

/** What queries need. */
export interface ReadableDb {
  readonly all: <Row>(query: Query<Row>) => readonly Row[]
  readonly first: <Row>(query: Query<Row>) => Row | null
}

/** What changes need. */
export interface WritableDb extends ReadableDb {
  readonly run: (query: Query<unknown>) => void
  readonly transaction: <T>(work: () => T) => T
  /** A statement that is kept ready, for what happens many times a second. */
  readonly prepared: (text: string) => Statement
}

/** The index of everything in the data folder, in SQLite. The folders are the truth: `rebuild` makes it again from them. */
export class Tracker implements WritableDb {
  readonly #files: TrackerFiles
  #database: Database
  readonly #statements = new Map<string, Statement>()

  constructor(files: TrackerFiles) {
    this.#files = files
    this.#database = openDatabase(files)
  }

  all<Row>(query: Query<Row>): readonly Row[] {
    const { sql: text, parameters } = query.compile()
    return this.prepared(text).all(...parameters) as Row[] // The query names its columns; the tables are STRICT.
  }

  first<Row>(query: Query<Row>): Row | null {
    return this.all(query)[0] ?? null
  }

  run(query: Query<unknown>): void {
    const { sql: text, parameters } = query.compile()
    this.prepared(text).run(...parameters)
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work)()
  }

  prepared(text: string): Statement {
    const known = this.#statements.get(text)
    if (known) return known
    const statement = this.#database.prepare(text)
    this.#statements.set(text, statement)
    return statement
  }

  /** Encrypts the file with this key (64 hex digits) and goes on with it. */
  encrypt(key: string): void {
    const { file } = this.#files
    this.#statements.clear()
    this.#database.close()
    try {
      encryptDatabase(file, key)
      this.#database = openDatabase({ ...this.#files, key })
    } catch (error) {
      // As it was: the caller is told, and nothing of the record is lost.
      this.#database = openDatabase(this.#files)
      throw error
    }
  }

  /** Works while the file itself stays as it is: all that is written meanwhile goes into the log beside it. */
  async frozen<T>(work: () => Promise<T>): Promise<T> {
    this.#database.pragma('wal_autocheckpoint = 0')
    try {
      this.#database.pragma('wal_checkpoint(TRUNCATE)')
      return await work()
    } finally {
      this.#database.pragma('wal_autocheckpoint = 1000')
    }
  }

  dispose(): void {
    this.#database.close()
  }
}
