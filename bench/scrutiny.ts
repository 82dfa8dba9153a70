/**
 * Time and memory of a closer look at a large table: near copies, leaks, languages, doubtful labels. The table is made in this process and laid down for
 * paging as the application does; the look is taken in a process of its own. Linux only: the high-water mark is read from /proc.
 *
 *     node bench/scrutiny.ts [--rows 1000000] [--folder FOLDER]
 *
 * One row in a hundred nearly repeats another. It needs some 600 bytes a row on the disk of FOLDER and clears up behind itself.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Random } from '../src/main/base/random.ts'
import { RowsWriter } from '../src/main/data/datasets/rows-file.ts'
import { SMALL_HEAP } from '../src/main/runs/heap-flags.ts'
import { scrutinise } from '../src/main/worker/scrutiny/scrutinise.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    folder: { type: 'string', default: tmpdir() },
    /** Only looks at the rows there: in a process of its own, so that its memory alone is measured. */
    look: { type: 'string' }
  }
})
const rows = Number(values.rows)
const LABELS = ['routine', 'soon', 'urgent']
const roles = {
  task: 'text-classification',
  text: 'letter',
  textPair: null,
  answer: 'urgency',
  separator: null,
  group: null,
  belonging: 'no'
} as const

/** Letters of some 30 words from a vocabulary in which frequent words are as frequent as in a language. */
function* letters(): Generator<string> {
  const random = new Random(1, 'bench/scrutiny')
  const next = (): number => random.uniform()
  const words = Array.from({ length: 20_000 }, () =>
    Array.from({ length: 2 + Math.floor(9 * next()) }, () => String.fromCharCode(97 + Math.floor(26 * next()))).join('')
  )
  let last = ''
  for (let i = 0; i < rows; i++) {
    if (i % 100 === 99) yield `${last} again`
    else {
      last = Array.from({ length: 30 }, () => words[Math.floor(words.length * next() ** 3)] ?? '').join(' ')
      yield last
    }
  }
}

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(values.folder, 'attune-scrutiny-'))
  try {
    const path = join(folder, 'rows.jsonl')
    const writer = new RowsWriter(path)
    let i = 0
    for (const letter of letters()) {
      await writer.add(i + 2, [letter, LABELS[i % 3] ?? '', `W${i % 7}`])
      i++
    }
    await writer.close()
    const child = spawn(process.execPath, [...SMALL_HEAP, import.meta.filename, '--rows', values.rows, '--look', path], {
      stdio: ['ignore', 'inherit', 'inherit']
    })
    await once(child, 'exit')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function look(rowsPath: string): Promise<void> {
  const begun = performance.now()
  const found = await scrutinise({ rowsPath, columns: ['letter', 'urgency', 'ward'], roles, rows })
  const status = await readFile('/proc/self/status', 'utf8')
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1000
  const findings = Object.fromEntries(found.map(({ code, rows: about }) => [code, about]))
  console.log(
    JSON.stringify({ rows, seconds: Math.round((performance.now() - begun) / 100) / 10, peak_mb: Math.round(peak), findings })
  )
}

await (values.look === undefined ? measure() : look(values.look))
