import { harmless } from '../../base/wording.ts'
import { NO_BREAK } from '../../report/numbers.ts'

/** Text from a person's files inside Markdown: one line, with nothing that Markdown or HTML would read as its own. */
export const escaped = (text: string): string => harmless(text).replace(/[\\`*_{}[\]<>|#~]/g, (sign) => `\\${sign}`)

/** Our own sentence: spaces that keep a number and its unit together are plain here. */
export const plain = (text: string): string => text.replaceAll(NO_BREAK, ' ')

/** A YAML string of front matter; JSON is YAML. */
export const quotedYaml = (text: string): string => JSON.stringify(harmless(text))

export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line), '']
}

export const bullets = (items: readonly string[]): readonly string[] => [...items.map((item) => `- ${plain(item)}`), '']
