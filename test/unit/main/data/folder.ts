import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { InputError } from '../../../../src/main/base/errors.ts'

/** A folder that lives as long as the test file. `put` writes a file in it and returns its path. */
export function testFolder() {
  const folder = { path: '' }
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'attune-data-'))
  })
  afterAll(() => rm(folder.path, { recursive: true, force: true }))
  return {
    at: (name: string): string => join(folder.path, name),
    async put(name: string, content: string | Uint8Array): Promise<string> {
      await writeFile(join(folder.path, name), content)
      return join(folder.path, name)
    }
  }
}

export async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The refusal that `action` ends with, as `code: sentence`, or what it returned instead. */
export async function refusalOf(action: () => unknown): Promise<string> {
  try {
    return `no refusal: ${JSON.stringify(await action())}`
  } catch (error) {
    if (error instanceof InputError) return `${error.code}: ${error.message}`
    throw error
  }
}

/** CSV text from rows of cells that need no quotes. */
export function table(...rows: readonly (readonly (string | number)[])[]): string {
  return `${rows.map((row) => row.join(',')).join('\n')}\n`
}
