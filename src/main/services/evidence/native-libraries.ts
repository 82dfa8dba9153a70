// eslint-disable-next-line no-restricted-imports -- Libraries that Attune ships are nothing of the person's.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { outcome, type Check } from './check.ts'
import { importedSymbols } from './elf.ts'

/** Functions of the system by which a library opens a connection. */
const CONNECTING = ['socket', 'connect', 'getaddrinfo', 'sendto', 'curl_easy_init']
/** Windows libraries are imported by name. */
const WINDOWS = ['WS2_32.dll', 'WINHTTP.dll', 'WININET.dll']
/** Where the maker of the computing library collects what its copies report (docs/decisions/0001). */
const UPLOADER = ['events.data.microsoft.com', 'OneCollector']

const claim = {
  id: 'native-libraries',
  claim: 'Foreign libraries stay silent.',
  how: 'Reads which functions of the system each native library can call, and looks for the address of an uploader.'
}

export interface LibraryFacts {
  readonly name: string
  /** Names of what it could connect with. */
  readonly network: readonly string[]
  readonly hasUploader: boolean
}

/** What a library's file says of it: its dynamic imports (ELF), or names within it (other systems). */
export async function inspectLibrary(path: string): Promise<LibraryFacts> {
  const bytes = await readFile(path)
  const symbols = importedSymbols(bytes)
  const network = symbols
    ? CONNECTING.filter((name) => symbols.has(name))
    : [...WINDOWS, ...CONNECTING.map((name) => `_${name}\0`)]
        .filter((name) => bytes.includes(name))
        .map((name) => name.replace(/\0/g, ''))
  return { name: basename(path), network, hasUploader: UPLOADER.some((name) => bytes.includes(name)) }
}

/** What the native libraries could do, and that the one with an uploader has it switched off. */
export async function nativeLibraries(paths: readonly string[], isSilent: boolean): Promise<Check> {
  if (paths.length === 0) return outcome(claim, 'cannot-tell', 'No library was found beside the program.')
  const facts = await Promise.all(paths.map(inspectLibrary))
  const able = facts.filter(({ network }) => network.length > 0)
  const uploaders = facts.filter(({ hasUploader }) => hasUploader)
  const sentences = [
    `${facts.length} libraries: ${facts.map(({ name }) => name).join(', ')}.`,
    able.length === 0
      ? 'None can open a connection.'
      : `Able to: ${able.map(({ name, network }) => `${name} (${network.join(', ')})`).join('; ')}.`,
    ...uploaders.map(({ name }) => `${name} holds an uploader of its maker; it is switched ${isSilent ? 'off' : 'on'}.`)
  ]
  // What a library could do is not what it does: the connections are counted by a check of their own.
  return outcome(claim, uploaders.length > 0 && !isSilent ? 'fails' : 'holds', sentences.join(' '))
}
