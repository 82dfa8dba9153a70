import { basename } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import { open } from '../../../base/sealed/fs.ts'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { detectEncoding } from '../../source/encoding.ts'
import { textOf } from '../../source/text.ts'
import { lineTooLong } from '../../source/utf8-scan.ts'
import { holdsMarks, MARKS_NOTE, type FileCleaner, type FileJob } from './define-cleaner.ts'
import { jsonTokens } from './json-tokens.ts'

const BATCH = 256

/** One JSON object a line. Strings and numbers at any depth are gone through; keys and everything else stay as they are written. */
export const jsonlCleaner: FileCleaner = {
  endings: ['.jsonl', '.ndjson'],
  async clean(from, to, job) {
    let hasMarks = false
    const columns = new Set<string>()
    const handle = await open(to, 'wx', 0o600)
    try {
      let held: string[] = []
      const flush = async (): Promise<void> => {
        job.signal.throwIfAborted()
        await handle.writeFile((await cleanLines(held, job, columns)).map((line) => `${line}\n`).join(''))
        held = []
      }
      for await (const line of linesOf(from, job.signal)) {
        hasMarks ||= holdsMarks(line)
        held.push(line)
        if (held.length === BATCH) await flush()
      }
      await flush()
      await handle.sync()
    } finally {
      await handle.close()
    }
    return { notes: hasMarks ? [MARKS_NOTE] : [], columns: [...columns] }
  }
}

async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  const encoding = await detectEncoding(path, undefined, DEFAULT_LIMITS, signal)
  let [held, number] = ['', 0]
  const checked = (line: string): string => {
    number++
    if (line.trim() === '') return line
    try {
      const value: unknown = JSON.parse(line)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return line
    } catch {
      // The parser's own message quotes the text, which must stay out of messages.
    }
    const message = `Line ${number} of ${basename(path)} is not one JSON object. Correct it, then run the command again.`
    throw new InputError('data_json_invalid', message, { file: path, line: number })
  }
  for await (const piece of textOf(path, encoding, signal)) {
    const lines = (held + piece).split('\n')
    held = lines.pop() ?? ''
    if (held.length > DEFAULT_LIMITS.rowLength) throw lineTooLong(path, number + lines.length + 1, DEFAULT_LIMITS.rowLength)
    for (const line of lines) yield checked(line.replace(/\r$/, ''))
  }
  if (held !== '') yield checked(held)
}

/** Lines whose values are cleaned. The keys that they have are added to `seen`. */
async function cleanLines(lines: readonly string[], job: FileJob, seen: Set<string>): Promise<readonly string[]> {
  const { columns, leftColumns, groupColumn } = job
  const all = lines.map((line) => jsonTokens(line))
  for (const { key } of all.flat()) seen.add(key)
  const chosen = all.map((tokens) => tokens.filter(({ key }) => (columns === null || columns.has(key)) && !leftColumns.has(key)))
  const texts = chosen.flatMap((tokens, i) => {
    const own = groupColumn === null ? undefined : all[i]?.find(({ key }) => key === groupColumn)?.text
    return tokens.map(({ text }) => ({ text, group: own === undefined ? job.group : `row ${own}` }))
  })
  const results = await job.cleaner.clean(texts)
  let at = 0
  return lines.map((line, i) => {
    let [written, from] = ['', 0]
    for (const { start, end } of chosen[i] ?? []) {
      const clean = results[at++]
      const isChanged = clean !== undefined && clean.edits.length > 0
      written += line.slice(from, start) + (isChanged ? JSON.stringify(clean.text) : line.slice(start, end))
      from = end
    }
    return written + line.slice(from)
  })
}
