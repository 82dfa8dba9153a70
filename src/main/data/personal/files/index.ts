import { extname } from 'node:path'
import { csvCleaner } from './csv.ts'
import type { FileCleaner } from './define-cleaner.ts'
import { documentCleaner } from './document.ts'
import { docxCleaner } from './docx/docx.ts'
import { jsonlCleaner } from './jsonl.ts'
import { textCleaner } from './text.ts'
import { xlsxCleaner } from './xlsx.ts'

/** Every form of file that a clean copy can be written of. */
export const fileCleaners: readonly FileCleaner[] = [
  textCleaner,
  csvCleaner,
  jsonlCleaner,
  xlsxCleaner,
  docxCleaner,
  documentCleaner
]

export const cleanedEndings: readonly string[] = fileCleaners.flatMap(({ endings }) => endings)

export function cleanerFor(path: string): FileCleaner | null {
  const ending = extname(path).toLowerCase()
  return fileCleaners.find(({ endings }) => endings.includes(ending)) ?? null
}
