import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Where scripts/reference/tokenizers_fixture.py wrote its tokenizers and what Hugging Face's make of the texts. */
export const FIXTURES = fileURLToPath(new URL('../../../../fixtures/tokenizers/', import.meta.url))

export type IdsAndTypes = [ids: number[], typeIds: number[]]

export interface Golden {
  size: number
  special: Record<'pad' | 'unk' | 'cls' | 'sep' | 'mask', number>
  content: number[][]
  decoded: string[]
  single: Record<string, IdsAndTypes[]>
  pair: Record<string, IdsAndTypes[]>
  windows: { text: number; length: number; stride: number; ids: number[][] }[]
  long: { repeat: string; times: number; tokens: number; sha256: string; head: IdsAndTypes }[]
}

export interface GoldenFile {
  texts: string[]
  pairs: [number, number][]
  tokenizers: Record<string, Golden>
}

export async function readGolden(): Promise<GoldenFile> {
  // The shape is the script's, ours to know.
  return JSON.parse(await readFile(`${FIXTURES}golden.json`, 'utf8')) as GoldenFile
}
