import { join } from 'node:path'
import { stat } from '../base/sealed/fs.ts'
import { layHere, type Laid, type LaidDocuments, type Laying, type OnProgress } from '../data/intake/laying.ts'
import type { FinishedEvent, TrainerTask } from '../worker/protocol.ts'
import { finishedOf } from '../runs/outcome.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'

/** Bytes up to which a table is read in less time than a process takes to start. A workbook or a Parquet file is unpacked many times over. */
const FEW_BYTES = 2e6
const STREAMS = /\.(?:csv|tsv|tab|jsonl|ndjson|json)$/

/** Reads files in a process of their own, so that the screens are answered meanwhile, and what a hostile file does is done there. */
export function makeLaying(entry: string): Laying {
  const lay = async (task: TrainerTask, onProgress: OnProgress, signal: AbortSignal): Promise<FinishedEvent> => {
    const outcome = await runTask(task, {
      entry,
      killSignal: signal,
      onEvent: (news) => {
        if (news.event === 'progress') onProgress(news.done, news.total, news.read)
      }
    })
    signal.throwIfAborted()
    return finishedOf(outcome)
  }
  return {
    table: async (input, onProgress, signal) => {
      const { size } = await stat(join(input.folder, input.copy))
      if (STREAMS.test(input.copy) && size <= FEW_BYTES) return layHere.table(input, onProgress, signal)
      return (await lay({ kind: 'lay-table', input }, onProgress, signal))['laid'] as Laid // Made by layTable.
    },
    documents: async (input, onProgress, signal) =>
      (await lay({ kind: 'lay-documents', input }, onProgress, signal))['laid'] as LaidDocuments // Made by layDocuments.
  }
}
