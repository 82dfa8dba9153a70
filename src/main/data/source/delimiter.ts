import { InputError } from '../../base/errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { shown } from '../../base/wording.ts'
import { CsvScanner } from './csv-scanner.ts'
import type { CsvRecord } from './csv-scanner.ts'

const CANDIDATES = [',', ';', '\t', '|'] as const

const NAMES: Readonly<Record<string, string>> = {
  ',': ',',
  comma: ',',
  ';': ';',
  semicolon: ';',
  '\t': '\t',
  '\\t': '\t',
  tab: '\t',
  '|': '|',
  pipe: '|'
}

/** The delimiter a person named, as a character or a word. Throws an `InputError` listing the known ones. */
export function delimiterNamed(name: string): string {
  const found = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
  if (found !== undefined) return found
  const message = `The delimiter ${shown(name)} is not known. Use a comma, a semicolon, a tab or a vertical bar, or leave it out.`
  throw new InputError('data_delimiter', message, { key: 'delimiter' })
}

/** The records of a sample up to the first thing that cannot be read with this delimiter. */
function tolerantRecords(sample: string, isWhole: boolean, delimiter: string): readonly CsvRecord[] {
  const scanner = new CsvScanner('', delimiter, DEFAULT_LIMITS)
  try {
    const records = scanner.push(sample)
    return isWhole ? [...records, ...scanner.end()] : records
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/**
 * Guesses the delimiter from the start of a file: among those that split the first record, the one whose column count the other
 * records share most often, then the one with most columns. A comma when none splits it (a table of one column).
 */
export function detectDelimiter(sample: string, isWhole: boolean): string {
  let best = { delimiter: ',', agreement: -1, columns: 1 }
  for (const delimiter of CANDIDATES) {
    const records = tolerantRecords(sample, isWhole, delimiter)
    const columns = records[0]?.cells.length ?? 1
    if (columns < 2) continue
    const agreement = records.filter((record) => record.cells.length === columns).length / records.length
    const isBetter = agreement > best.agreement || (agreement === best.agreement && columns > best.columns)
    if (isBetter) best = { delimiter, agreement, columns }
  }
  return best.agreement >= 0 ? best.delimiter : mostFrequentIn(sample)
}

/** When no delimiter reads the sample without error: the one most frequent in its first line, so that the error is the useful one. */
function mostFrequentIn(sample: string): string {
  const firstLine = sample.split(/\r|\n/, 1)[0] ?? ''
  let best = { delimiter: ',', count: 0 }
  for (const delimiter of CANDIDATES) {
    const count = firstLine.split(delimiter).length - 1
    if (count > best.count) best = { delimiter, count }
  }
  return best.delimiter
}
