import type { RecordApi } from '../../../preload/contract/record.ts'
import { writeFile } from '../../base/sealed/fs.ts'
import type { Artifacts } from '../../record/artifacts.ts'
import type { Bin } from '../../record/bin.ts'
import type { Journal } from '../../record/journal.ts'
import type { Outbox } from '../../services/outbox.ts'
import type { Runs } from '../../runs/runs.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { runId } from '../parse.ts'
import { binId, logRequest, noteRequest, tagRequest } from '../parse/record.ts'

export interface RecordServices {
  readonly bin: Bin
  readonly journal: Journal
  readonly artifacts: Artifacts
  readonly runs: Runs
  readonly outbox: Outbox
}

export const recordRoutes = ({ bin, journal, artifacts, runs, outbox }: RecordServices): Routes<RecordApi> =>
  defineRoutes<RecordApi>({
    bin: () => bin.list(),
    restore: (id) => bin.restore(binId(id)),
    destroy: (id) => bin.destroy(binId(id)),
    emptyBin: () => bin.empty(),
    tag: (request) => runs.attach(tagRequest(request)),
    note: (request) => {
      const { id, text } = noteRequest(request)
      return runs.attach({ id, note: text })
    },
    artifacts: (id) => artifacts.of(runId(id)),
    log: (request) => journal.page(logRequest(request)),
    logCsv: async () => {
      const path = outbox.newPath('.csv')
      await writeFile(path, journal.csv(), { mode: 0o600 })
      journal.record('exported')
      return outbox.offer(path, 'attune-record.csv')
    }
  })
