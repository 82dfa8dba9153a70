import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { harmless } from '../base/wording.ts'
import { adoptModel } from '../library/adopt.ts'
import { runTask } from '../runs/supervisor.ts'
import { dataFolderPath, prepareDataFolder } from '../shell/data-folder.ts'
import { lockFolder, type FolderLock } from '../shell/folder-lock.ts'
import type { PackSummary } from '../worker/unpack-pack.ts'
import { askYes, SecretLines, type SecretInput } from './ask-secret.ts'
import { reportFailure } from './failure.ts'
import { factLines } from './facts.ts'
import { adapterPlace, type PackPlace } from './import-packed-adapter.ts'
import type { Interrupts } from './interrupts.ts'
import type { Output } from './output.ts'
import { packLines } from './pack-lines.ts'
import { packSecretFor } from './pack-secret.ts'
import { openView, type CommandInvocation } from './run-task.ts'
import { unlockFor } from './unlock.ts'

/** `attune import`: unpacked aside, checked, shown, and placed in the library after a yes. Resolves to the exit code. */
export async function importPack(
  invocation: CommandInvocation,
  entry: string,
  output: Output,
  interrupts: Interrupts,
  input: SecretInput = process.stdin
): Promise<number> {
  const file = resolve(invocation.argument)
  const isSure = invocation.switches.has('yes')
  await requireFile(file)
  if (!isSure && (output.isJson || input.isTTY !== true))
    throw new InputError('usage', 'Nobody can be asked whether to import this. Say so with --yes.')
  const dataFolder = dataFolderPath()
  await prepareDataFolder(dataFolder)
  const lock = await lockUnlessOpen(dataFolder)
  const temporary = join(dataFolder, 'temporary')
  const made: string[] = []
  const newFolder = async (parent: string, prefix: string): Promise<string> => {
    await mkdir(parent, { recursive: true, mode: 0o700 })
    const folder = await mkdtemp(join(parent, prefix))
    made.push(folder)
    return folder
  }
  const lines = invocation.switches.has('passphrase-stdin') ? new SecretLines(input) : null
  try {
    let recordKey: string | undefined
    const isOpen = await unlockFor(
      { paths: [join(dataFolder, 'model-notes')], lines, input, onOpen: (vault) => (recordKey = vault.keyOf('database')?.hex) },
      output
    )
    const secret = isOpen ? await packSecretFor(invocation, { lines, input }, output) : undefined
    if (secret === undefined) return stopped(output)
    const into = { model: await newFolder(join(dataFolder, 'models'), '.new-'), adapter: await newFolder(temporary, 'adapter-') }
    const scratch = await newFolder(temporary, 'pack-')
    const view = await openView(output)
    const task = { kind: 'unpack', file, into, scratch } as const
    const { stop: signal, kill: killSignal } = interrupts
    const outcome = await runTask(task, { entry, secret, signal, killSignal, onEvent: view.show }).finally(() => view.dispose())
    if (outcome.event === 'failed') return await reportFailure(outcome, output, null)
    const pack = outcome['pack'] as PackSummary // Made by unpackPack.
    const name = basename(file).replace(/\.attune$/i, '')
    const about = { pack, name, folder: into[pack.holds], dataFolder, entry, signal }
    const place = pack.holds === 'model' ? modelPlace(about) : await adapterPlace(about, invocation.values, recordKey)
    if (!output.isJson) output.print(`${factLines([...packLines(pack), ...place.facts])}\n${licenceOf(pack)}`)
    if (!isSure && !(await askYes('Import it?', input, output.errors.write))) return stopped(output)
    const { event, sentence } = await place.take()
    if (output.isJson) output.event({ event: 'finished', ...event, pack })
    else output.print(`${sentence}\n`)
    return 0
  } finally {
    await lines?.close()
    for (const folder of made) await rm(folder, { recursive: true, force: true })
    await lock?.release()
    interrupts.dispose()
  }
}

/** Keeps a window from opening meanwhile, which would sweep what is being unpacked; null where one is open, which sees what comes. */
async function lockUnlessOpen(dataFolder: string): Promise<FolderLock | null> {
  try {
    return await lockFolder(dataFolder)
  } catch (error) {
    if (error instanceof InputError && error.code === 'already-open') return null
    throw error
  }
}

async function requireFile(file: string): Promise<void> {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false
  )
  if (!isFile) throw new InputError('not-found', `There is no file ${file}. Name one that ends in .attune.`, { file })
}

interface UnpackedPack {
  readonly name: string
  readonly folder: string
  readonly dataFolder: string
  readonly signal: AbortSignal
}

function modelPlace({ name, folder, dataFolder, signal }: UnpackedPack): PackPlace {
  return {
    facts: [],
    async take() {
      const places = { models: join(dataFolder, 'models'), notes: join(dataFolder, 'model-notes') }
      const { id, home, isKnown } = await adoptModel(folder, { ...places, name, signal })
      const sentence = isKnown ? `It was in the library already: ${home}` : `In the library as ${name}: ${home}`
      return { event: { model: id, folder: home, is_known: isKnown }, sentence }
    }
  }
}

const licenceOf = ({ licenceText }: PackSummary): string =>
  licenceText === null ? '' : `\n${licenceText.split('\n').map(harmless).join('\n')}\n\n`

function stopped(output: Output): number {
  output.tell('Stopped. Nothing was imported.')
  return 130
}
