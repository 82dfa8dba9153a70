import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeXlsx } from '../../src/main/data/write-xlsx.ts'
import { tinyTable } from './tiny-project.ts'
import type { NamedFile } from './walk.ts'

const columns = ['patient_id', 'letter', 'urgency'] as const
const rowsOfPatient = 3

/** `rows` letters, three of each patient. */
function patientRows(rows: number): readonly (readonly string[])[] {
  const lines = tinyTable(rows, 3).trim().split('\n').slice(1)
  return lines.map((line, row) => {
    const [, text = '', label = ''] = line.split(',')
    return [`P-${1000 + Math.floor(row / rowsOfPatient)}`, text, label]
  })
}

export function patientCsv(name: string, rows: number): NamedFile {
  const lines = [columns, ...patientRows(rows)].map((cells) => cells.join(','))
  return { name, bytes: Buffer.from(`${lines.join('\n')}\n`) }
}

export function patientJsonLines(name: string, rows: number): NamedFile {
  const lines = patientRows(rows).map((cells) => JSON.stringify(Object.fromEntries(cells.map((cell, i) => [columns[i], cell]))))
  return { name, bytes: Buffer.from(`${lines.join('\n')}\n`) }
}

/** A workbook, made in `folder`. */
export async function patientWorkbook(folder: string, name: string, rows: number): Promise<NamedFile> {
  const path = join(folder, name)
  await writeXlsx(path, [{ name: 'Letters', columns, rows: patientRows(rows) }])
  return { name, bytes: await readFile(path) }
}

/** One text file for each letter, two of each patient; every second one is good news: it has abba in it. */
export function letterFiles(count: number): readonly NamedFile[] {
  return patientRows(count).map(([, text = ''], i) => ({
    name: `P${10 + Math.floor(i / 2)}-${(i % 2) + 1}.txt`,
    bytes: Buffer.from(`${text} ${i % 2 === 0 ? 'abba' : 'cede'}`)
  }))
}
