import { join } from 'node:path'
import { readFile } from '../../base/sealed/fs.ts'

/** Wordings of each question, by its name. */
export type Wordings = ReadonlyMap<string, readonly string[]>

/** The questions that a run asks of every document; none where each row has its own, or the record says nothing. */
export async function fixedQuestions(folder: string): Promise<Wordings> {
  const json = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}')
  return questionsIn(JSON.parse(json))
}

/** The same of what was recorded. */
export function questionsIn(recorded: unknown): Wordings {
  const asked = objectIn(objectIn(objectIn(objectIn(recorded)['config'])['data'])['questions'])
  return new Map(
    Object.entries(asked).map(([name, wordings]) => [name, (Array.isArray(wordings) ? wordings : [wordings]).map(String)])
  )
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {} // JSON has text keys.
