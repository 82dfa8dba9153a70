// eslint-disable-next-line no-restricted-imports -- The built program is nothing of the person's.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { outcome, type Check } from './check.ts'

/** Modules and packages with which a program can reach a network. */
const NETWORK = ['net', 'http', 'https', 'http2', 'dgram', 'tls', 'dns', 'dns/promises', 'undici', 'ws', 'electron/net']
const mention = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'](?:node:)?([\w/.@-]+)["']/g
/** What the page in a browser is served with, on this machine alone. */
const LOOPBACK: ReadonlySet<string> = new Set(['http', 'ws'])

const claim = {
  id: 'build',
  claim: 'The program has no code that calls out.',
  how: 'Searches every file of the built program for modules that reach a network.'
}

/** Network modules that the built program in `folder` imports: none but the server of 127.0.0.1. */
export async function buildModules(folder: string): Promise<Check> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && /\.c?js$/.test(entry.name))
  if (files.length === 0) return outcome(claim, 'cannot-tell', 'The program runs from its source and was not built.')
  const found = new Set<string>()
  for (const { parentPath, name } of files)
    for (const each of networkModules(await readFile(join(parentPath, name), 'utf8'))) found.add(each)
  const foreign = [...found].filter((name) => !LOOPBACK.has(name))
  const searched = `${files.length} files searched`
  if (foreign.length > 0) return outcome(claim, 'fails', `${searched}; found: ${foreign.join(', ')}.`)
  const server =
    found.size > 0
      ? `${[...found].join(' and ')}, which serve 127.0.0.1 (this page, and other programs while that is switched on), and nothing else`
      : 'nothing'
  return outcome(claim, 'holds', `${searched}; found: ${server}.`)
}

/** The network modules that a script names in an import. */
export function networkModules(script: string): readonly string[] {
  const names = [...script.matchAll(mention)].map(([, name = '']) => name)
  return [...new Set(names.filter((name) => NETWORK.includes(name)))]
}
