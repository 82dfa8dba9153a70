import type { UseApi } from '../../../preload/contract/use.ts'
import type { Journal } from '../../record/journal.ts'
import type { Using } from '../../runs/use/using.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { useFiles, useId, useRows, useRun, useSave, useStart, useText, useThreshold } from '../parse/use.ts'

export interface UseServices {
  readonly using: Using
  readonly journal: Journal
}

export const useRoutes = ({ using, journal }: UseServices): Routes<UseApi> =>
  defineRoutes<UseApi>({
    open: (request, caller) => {
      const { run, files } = useFiles(request)
      return using.open(
        run,
        files.map((file) => caller.fileOf(file, 'table'))
      )
    },
    start: (request) => using.start(useStart(request)),
    asks: (run) => using.asks(useRun(run)),
    get: (id) => using.get(useId(id)),
    stop: (id) => using.stop(useId(id)),
    rows: (request) => using.rows(useRows(request)),
    text: (request) => using.text(useText(request)),
    setThreshold: (request) => using.setThreshold(useThreshold(request)),
    save: async (request) => {
      const ticket = await using.save(useSave(request))
      journal.record('exported')
      return ticket
    },
    keep: (id) => using.keep(useId(id)),
    drop: (id) => using.drop(useId(id))
  })
