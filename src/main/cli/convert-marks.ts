import { basename } from 'node:path'
import { InputError } from '../base/errors.ts'
import { counted, shown } from '../base/wording.ts'
import { markedDocuments } from '../data/marks/read-marks.ts'
import { markFormats, writeMarks, type MarkFormat } from '../data/marks/write-marks.ts'
import type { Output } from './output.ts'

/** `attune marks FILE --to FORMAT --out PATH`. Resolves to the exit code. Throws an InputError where there are no marks or no place for them. */
export async function convertMarks(file: string, values: ReadonlyMap<string, string>, output: Output): Promise<number> {
  const out = values.get('out') ?? ''
  const columns = { text: values.get('text') ?? 'text', spans: values.get('spans') ?? 'spans' }
  const format = formatNamed(values.get('to') ?? '')
  const left: string[] = []
  const documents = markedDocuments(file, columns, ({ place, reason }) => left.push(`${place ?? basename(file)}: ${reason}`))
  const written = await writeMarks(format, documents, out)
  if (output.isJson) {
    output.event({ event: 'finished', out, format, ...written, rejected: left.length })
    return 0
  }
  const lost = written.left === 0 ? '' : ` ${counted(written.left, 'mark')} inside of others could not be written.`
  const rejected =
    left.length === 0 ? '' : ` ${counted(left.length, 'document was', 'documents were')} left out; attune inspect says why.`
  output.print(
    `Wrote ${counted(written.documents, 'document')} with ${counted(written.marks, 'mark')} to ${out}.${lost}${rejected}\n`
  )
  return 0
}

function formatNamed(name: string): MarkFormat {
  const found = markFormats.find((format) => format === name.toLowerCase())
  if (found) return found
  throw new InputError('usage', `--to is ${shown(name)}, which is no format of marks. Use one of ${markFormats.join(', ')}.`)
}
