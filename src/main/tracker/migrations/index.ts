import type { Database } from 'better-sqlite3'
import first from './0001-first.ts'
import record from './0002-record.ts'
import supervision from './0004-supervision.ts'
import verdicts from './0005-verdicts.ts'
import versions from './0006-versions.ts'
import library from './0007-library.ts'
import exports from './0008-exports.ts'
import drafts from './0009-drafts.ts'
import purpose from './0010-purpose.ts'
import divisions from './0013-divisions.ts'
import questions from './0014-questions.ts'
import earlyEnds from './0015-early-ends.ts'
import runDevices from './0016-run-devices.ts'

/** In order: number n brings a file of version n − 1 to version n. A released one is never edited. */
export const migrations: readonly ((database: Database) => void)[] = [
  first,
  record,
  supervision,
  verdicts,
  versions,
  library,
  drafts,
  exports,
  purpose,
  divisions,
  questions,
  earlyEnds,
  runDevices
]
