/**
 * Time and memory of opening a large table as the application does: it is copied and hashed here, read in a process of its own, and its rows are laid
 * down for paging. Linux only: high-water marks are read from /proc.
 *
 *     node bench/intake.ts [--rows 1000000] [--bytes 200e6] [--formats csv,jsonl,json,parquet] [--folder FOLDER]
 *
 * `bytes`: size of the text file; a Parquet file holds the same texts in one row group. It needs three times that on the disk of FOLDER (the system's
 * temporary folder where left out) and clears up behind itself. One JSON line for each format.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { parquetWriteFile } from 'hyparquet-writer'
import type { ProjectId } from '../src/preload/contract/common.ts'
import { Datasets, type StoredDataset } from '../src/main/data/datasets/datasets.ts'
import { makeLaying } from '../src/main/services/laying.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    bytes: { type: 'string', default: '200e6' },
    formats: { type: 'string', default: 'csv,jsonl,json,parquet' },
    folder: { type: 'string', default: tmpdir() },
    /** Only writes the file: in a process of its own, so that its memory is not measured. */
    make: { type: 'string' }
  }
})
const [rows, bytes] = [Number(values.rows), Number(values.bytes)]
const trainer = join(import.meta.dirname, '../src/main/worker/trainer.ts')
const LABELS = ['routine', 'soon', 'urgent']

/** Words that repeat about as often as those of a language do. */
function* texts(): Generator<string> {
  let state = 12345
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
  const words = Array.from({ length: 5000 }, () => {
    const length = 2 + Math.floor(9 * next())
    return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(26 * next()))).join('')
  })
  const length = Math.max(10, Math.round(bytes / rows) - 30)
  for (let i = 0; i < rows; i++) {
    let text = `Letter ${i}`
    while (text.length < length) text += ` ${words[Math.floor(words.length * next() ** 2)] ?? ''}`
    yield text
  }
}

async function make(path: string): Promise<void> {
  if (path.endsWith('.parquet')) {
    const data = [...texts()]
    const label = data.map((_, i) => LABELS[i % 3] ?? '')
    parquetWriteFile({
      filename: path,
      columnData: [
        { name: 'letter', data },
        { name: 'urgency', data: label }
      ],
      rowGroupSize: rows
    })
    return
  }
  const out = createWriteStream(path)
  const isList = path.endsWith('.json')
  const lineOf = (text: string, i: number): string => {
    if (path.endsWith('.csv')) return `${i},${text},${LABELS[i % 3] ?? ''}\n`
    const object = JSON.stringify({ id: i, letter: text, urgency: LABELS[i % 3] })
    return isList ? `${i === 0 ? '[' : ','}${object}` : `${object}\n`
  }
  let held = path.endsWith('.csv') ? 'id,letter,urgency\n' : ''
  let i = 0
  for (const text of texts()) {
    held += lineOf(text, i++)
    if (held.length < 1 << 20) continue
    if (!out.write(held)) await once(out, 'drain')
    held = ''
  }
  out.end(isList ? `${held}]` : held)
  await once(out, 'close')
}

/** High-water mark of a process's resident memory, in bytes; 0 where it is gone. */
async function peakOf(pid: number | 'self'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
}

/** Seconds of processor time of a process so far, in user and in kernel mode. */
async function processorSeconds(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [user = 0, kernel = 0] = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return (user + kernel) / TICKS
}

/** Of a second, as Linux counts processor time. */
const TICKS = 100

async function children(): Promise<readonly number[]> {
  const list = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').catch(() => '')
  return list.split(' ').filter(Boolean).map(Number)
}

function datasetsIn(folder: string): Datasets {
  const index = new Map<string, StoredDataset>()
  const save = (dataset: StoredDataset): void => void index.set(dataset.id, dataset)
  const project = 'p-bench' as ProjectId // No project is needed here.
  return new Datasets({
    folder,
    samplesFolder: '',
    laying: makeLaying(trainer),
    index: { list: () => [...index.values()], find: (id) => index.get(id) ?? null, save, saveChoices: save },
    restore: async () => undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    onReading: () => undefined,
    projects: {
      reserve: async () => project,
      release: async () => undefined,
      forFile: async () => project,
      forSample: async () => project
    }
  })
}

async function measure(format: string): Promise<object> {
  const root = await mkdtemp(join(values.folder, 'attune-intake-'))
  try {
    const path = join(root, `letters.${format}`)
    const maker = spawn(
      process.execPath,
      ['--max-old-space-size=12000', import.meta.filename, ...process.argv.slice(2), '--make', path],
      { stdio: 'inherit' }
    )
    const [code] = (await once(maker, 'exit')) as [number] // As Node documents it.
    if (code !== 0) throw new Error(`The ${format} file was not written.`)
    // The high-water mark begins anew.
    await writeFile('/proc/self/clear_refs', '5')
    const delay = monitorEventLoopDelay({ resolution: 10 })
    let [child, busy] = [0, 0]
    const watch = setInterval(
      () =>
        void children().then(async (pids) => {
          for (const pid of pids) {
            child = Math.max(child, await peakOf(pid))
            busy = Math.max(busy, await processorSeconds(pid))
          }
        }),
      100
    )
    const own = process.cpuUsage()
    delay.enable()
    const began = performance.now()
    const opened = await datasetsIn(join(root, 'datasets')).open(path)
    const seconds = (performance.now() - began) / 1000
    clearInterval(watch)
    const { user, system } = process.cpuUsage(own)
    const processor = user + system
    delay.disable()
    const megabytes = (size: number): number => Math.round(size / 1e6)
    return {
      format,
      rows: opened.rows,
      file_mb: megabytes((await stat(path)).size),
      seconds: Number(seconds.toFixed(1)),
      processor_seconds: Number((busy + processor / 1e6).toFixed(1)),
      reading_process_peak_mb: megabytes(child),
      window_process_peak_mb: megabytes(await peakOf('self')),
      window_process_longest_wait_ms: Math.round(delay.max / 1e6)
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

if (values.make === undefined)
  for (const format of values.formats.split(',')) process.stdout.write(`${JSON.stringify(await measure(format))}\n`)
else await make(values.make)
