import { join } from 'node:path'
import { systemCodeOf } from './errors.ts'
import { open } from './sealed/fs.ts'

/** What a model's card says. */
export interface ModelCard {
  readonly licence: string | null
  readonly languages: readonly string[]
  readonly tags: readonly string[]
  /** Plain text; null where there is none. */
  readonly text: string | null
}

/** Bytes of a card that are looked at, and characters of it that are shown. */
const CARD_BYTES = 200_000
const CARD_CHARACTERS = 20_000
const MOST_NAMES = 40

/** Reads README.md: licence, languages and tags as its front matter names them, the rest as plain text. Empty where there is no card. */
export async function readCard(folder: string): Promise<ModelCard> {
  const text = await readStart(join(folder, 'README.md'))
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)
  const fields = front?.[1] ?? ''
  const [licence] = valuesOf(fields, 'license')
  const [named] = valuesOf(fields, 'license_name')
  return {
    licence: (licence === 'other' ? named : licence) ?? null,
    languages: valuesOf(fields, 'language'),
    tags: valuesOf(fields, 'tags'),
    text: plainText(text.slice(front?.[0].length ?? 0))
  }
}

async function readStart(path: string): Promise<string> {
  try {
    await using handle = await open(path, 'r')
    const buffer = Buffer.alloc(CARD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, CARD_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return ''
    throw error
  }
}

/** The values of a field: `name: value`, `name: [a, b]`, or a list of lines that begin with a dash. */
function valuesOf(fields: string, name: string): readonly string[] {
  const lines = fields.split(/\r?\n/)
  const at = lines.findIndex((line) => line.startsWith(`${name}:`))
  if (at === -1) return []
  const inline = (lines[at] ?? '').slice(name.length + 1).trim()
  if (inline !== '')
    return inline
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map(bare)
      .filter(isName)
      .slice(0, MOST_NAMES)
  const listed: string[] = []
  for (const line of lines.slice(at + 1)) {
    const item = /^\s*-\s*(.+)$/.exec(line)?.[1]
    if (item === undefined) break
    listed.push(bare(item))
  }
  return listed.filter(isName).slice(0, MOST_NAMES)
}

const bare = (value: string): string => value.trim().replace(/^["']|["']$/g, '')
const isName = (value: string): boolean => /^[\p{L}\p{N} ._:+/-]{1,80}$/u.test(value)

/** Markdown as a person reads it: no tags, pictures or link targets. It is shown as text, never as HTML. */
function plainText(markdown: string): string | null {
  const plain = markdown
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>\n]{1,400}>/g, '')
    .replace(/!\[[^\]\n]{0,200}\]\([^)\n]{0,600}\)/g, '')
    .replace(/\[([^\]\n]{1,300})\]\([^)\n]{0,600}\)/g, '$1')
    // Line feeds and tabs are the only control characters that a text needs.
    .replace(/(?![\n\t])[\p{Cf}\p{Cc}]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return plain === '' ? null : plain.slice(0, CARD_CHARACTERS)
}
