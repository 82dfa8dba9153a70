import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument, type Document, type ParsedNode } from 'yaml'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { Path } from './read-options.ts'

/** A file of settings as plain values, with the line on which each of them stands. */
export interface SettingsSource {
  readonly fileName: string
  readonly value: unknown
  /** The line (from 1) of the key or item at `path`, or of the closest thing around it. */
  readonly lineOf: (path: Path) => number
}

/** Bytes in the largest file of settings that is read. */
export const largestSource = 2 ** 20
const deepest = 32
/** Brackets, keys, values, line ends: some 10,000 settings. Reading takes time with their number, far more than with the file's size. */
const mostTokens = 50_000
/** YAML itself allows 1,024 characters in a key with its colon on the same line. */
const longestKey = 1000

interface Reader {
  readonly fileName: string
  readonly lineAt: (node: ParsedNode) => number
  /** Line by path, written as JSON. */
  readonly lines: Map<string, number>
}

/** Reads YAML or JSON, and refuses with one sentence what settings have no use for: anchors, aliases, tags, directives, several documents. */
export function readSource(source: string | Uint8Array, fileName: string): SettingsSource {
  const text = decode(source, fileName)
  refuseTooMany(text, fileName)
  const counter = new LineCounter()
  const lineAt = (offset: number): number => Math.max(1, counter.linePos(Math.min(Math.max(offset, 0), text.length)).line)
  // Keys are compared below, where it takes one look per key instead of one per pair of keys.
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    schema: 'core'
  })
  refuseSyntax(document, fileName, lineAt)
  const reader: Reader = { fileName, lineAt: (node) => lineAt(node.range[0]), lines: new Map([['[]', 1]]) }
  const value = document.contents === null ? null : readNode(reader, document.contents, [])
  if (value === null)
    throw new InputError('config_empty', `${fileName} is empty. It must name at least task, model, data and method.`, {
      file: fileName
    })
  return { fileName, value, lineOf: (path) => closestLine(reader.lines, path) }
}

function decode(source: string | Uint8Array, fileName: string): string {
  if (source.length > largestSource) {
    const message = `${fileName} is larger than 1 MiB, which no file of settings is. Is it the right file?`
    throw new InputError('config_too_large', message, { file: fileName })
  }
  const text = typeof source === 'string' ? source.replace(/^\ufeff/, '') : decodeUtf8(source, fileName)
  // JSON may be indented with tabs and YAML may not; outside of its texts a tab means no more than a space, and within them it is not allowed.
  return isJson(fileName, text) ? text.replaceAll('\t', ' ') : text
}

function refuseTooMany(text: string, fileName: string): void {
  const tokens = new Lexer().lex(text)
  for (let count = 0; tokens.next().done !== true; count++) {
    if (count < mostTokens) continue
    const message = `${fileName} holds far more than settings. Is it the right file?`
    throw new InputError('config_too_large', message, { file: fileName })
  }
}

function decodeUtf8(source: Uint8Array, fileName: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(source)
  } catch (cause) {
    const message = `${fileName} is not UTF-8 text. Name the run.yaml itself, and save it with the encoding UTF-8.`
    throw new InputError('config_encoding', message, { file: fileName }, { cause })
  }
}

/** Whether the file is JSON; one that says so and is not is refused. */
function isJson(fileName: string, text: string): boolean {
  if (!/\.json$/i.test(fileName)) return false
  try {
    JSON.parse(text)
    return true
  } catch (cause) {
    const message = `${fileName} is not valid JSON. Correct it, or name the file .yaml if it is YAML.`
    throw new InputError('config_syntax', message, { file: fileName }, { cause })
  }
}

/** What each of the yaml package's errors means for the person. */
const advice: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (*name) is used. Write the value out instead.',
  BAD_DIRECTIVE: 'a line starts with %. Remove it.',
  BAD_DQ_ESCAPE: "a backslash stands in double quotes. Use single quotes, as in 'C:\\models'.",
  BAD_INDENT: 'the indentation does not fit the lines around it. Keys of one section start in the same column.',
  BAD_SCALAR_START: 'a value starts with a character that has a meaning in YAML. Put the value in single quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'there is a second colon in the line. Put the value in single quotes, or start a new line.',
  MISSING_CHAR: 'a closing bracket or quote, a comma or a colon is missing.',
  MULTILINE_IMPLICIT_KEY: 'a key has no colon after it.',
  MULTIPLE_DOCS: 'a second document starts (---). Keep one run per file.',
  RESOURCE_EXHAUSTION: 'it is nested too deeply for a file of settings.',
  TAB_AS_INDENT: 'a tab is used for indentation. Use spaces.',
  TAG_RESOLVE_FAILED: 'a tag (!name) is used. Remove it.',
  UNEXPECTED_TOKEN:
    'a character stands where it cannot. Check brackets and quotes, and put values with special characters in single quotes.'
}

const unclosed = 'a bracket that was opened above is not closed, or a line within it is not indented.'

function refuseSyntax(document: Document.Parsed, fileName: string, lineAt: (offset: number) => number): void {
  const [error] = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0])
  if (error) {
    const line = lineAt(error.pos[0])
    const isOpen = error.code === 'BAD_INDENT' && error.message.startsWith('Flow')
    const why = isOpen
      ? unclosed
      : (advice[error.code] ?? 'it does not follow the rules of YAML. Check colons, brackets and quotes.')
    throw refusal('config_syntax', fileName, line, why, { cause: error })
  }
  const { yaml, tags } = document.directives
  if (yaml.explicit === true || Object.keys(tags).length > 1)
    throw refusal('config_directive', fileName, 1, advice['BAD_DIRECTIVE'] ?? '')
}

function refusal(code: string, fileName: string, line: number, why: string, options?: ErrorOptions): InputError {
  return new InputError(code, `${fileName} line ${line}: ${why}`, { file: fileName, line }, options)
}

function readNode(reader: Reader, node: ParsedNode, path: Path): unknown {
  refuseFeatures(reader, node)
  if (path.length > deepest)
    throw refusal('config_syntax', reader.fileName, reader.lineAt(node), advice['RESOURCE_EXHAUSTION'] ?? '')
  if (isScalar(node)) return node.value
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const at = [...path, index]
      reader.lines.set(JSON.stringify(at), reader.lineAt(item))
      return readNode(reader, item, at)
    })
  }
  return isMap(node) ? readMap(reader, node, path) : null
}

function refuseFeatures({ fileName, lineAt }: Reader, node: ParsedNode): void {
  const refuse = (code: string, why: string): never => {
    throw refusal(code, fileName, lineAt(node), why)
  }
  if (isAlias(node)) return refuse('config_alias', advice['BAD_ALIAS'] ?? '')
  if (node.anchor !== undefined) refuse('config_alias', 'an anchor (&name) is used. Write the value out where it is needed.')
  if (node.tag !== undefined)
    refuse('config_tag', `the tag ${shown(node.tag.replace('tag:yaml.org,2002:', '!!'))} is used. Remove it.`)
}

function readMap(
  reader: Reader,
  node: Extract<ParsedNode, { readonly items: readonly { readonly key: unknown }[] }>,
  path: Path
): unknown {
  const values = new Map<string, unknown>()
  for (const { key: keyNode, value } of node.items) {
    const key = readKey(reader, keyNode)
    const at = [...path, key]
    const line = reader.lineAt(keyNode)
    if (values.has(key)) {
      const first = closestLine(reader.lines, at)
      const where = first === line ? '' : ` (first on line ${first})`
      throw refusal(
        'config_duplicate_key',
        reader.fileName,
        line,
        `the key ${shown(key)} is given twice${where}. Keep one of them.`
      )
    }
    reader.lines.set(JSON.stringify(at), line)
    values.set(key, value === null ? null : readNode(reader, value, at))
  }
  return Object.fromEntries(values)
}

function readKey(reader: Reader, node: ParsedNode): string {
  refuseFeatures(reader, node)
  const text = isScalar(node) && node.value !== null ? node : null
  const key = text === null ? '' : typeof text.value === 'string' ? text.value : text.source
  // Setting `__proto__` by accident would change what an object is.
  if (key !== '' && key !== '__proto__' && key.length <= longestKey) return key
  const why = key === '' ? 'a key is not a plain word.' : `${shown(key)} cannot be a key.`
  throw refusal('config_key', reader.fileName, reader.lineAt(node), why)
}

function closestLine(lines: ReadonlyMap<string, number>, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const line = lines.get(JSON.stringify(path.slice(0, length)))
    if (line !== undefined) return line
  }
  return 1
}
