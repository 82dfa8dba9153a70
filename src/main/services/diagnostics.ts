import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { z } from 'zod'
import type { AppFacts } from '../../preload/contract/app.ts'
import { readFile, writeFile } from '../base/sealed/fs.ts'
import type { Installation } from '../../preload/contract/diagnostics.ts'
import { InputError } from '../base/errors.ts'
import type { DiagnosticsServices } from '../ipc/routes/diagnostics.ts'
import type { Fault } from './faults.ts'
import type { Outbox } from './outbox.ts'

/** How a run stands, without its name. */
export interface RunMark {
  readonly id: string
  readonly state: string
  readonly task: string
  readonly method: string
  readonly step: number
  readonly total_steps: number
  readonly failure_code: string | null
}

export interface DiagnosticsOptions {
  readonly facts: () => Promise<AppFacts>
  /** The folder of the built program. */
  readonly program: string
  /** The list that `scripts/licences.ts` writes. */
  readonly licences: string
  readonly marks: () => { readonly datasets: number; readonly models: number; readonly runs: readonly RunMark[] }
  readonly faults: () => readonly Fault[]
  readonly outbox: Outbox
}

const licenceList = z.object({
  packages: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.number().nullable() })),
  texts: z.array(z.string())
})

/** Runs shown in the diagnostics file, the newest first. */
const SHOWN_RUNS = 20

/** What this installation is, and what it may say of itself to whoever mends it. */
export function makeDiagnostics(options: DiagnosticsOptions): DiagnosticsServices {
  const licences = async (): Promise<z.infer<typeof licenceList>> => {
    const text = await readFile(options.licences, 'utf8').catch(() => null)
    if (text === null)
      throw new InputError('licences-gone', 'The list of licences is missing from this installation. Install Attune again.')
    return licenceList.parse(JSON.parse(text))
  }
  // What was read is what is saved.
  let shown: string | null = null
  const preview = async (): Promise<string> => (shown = await diagnosticsText(options))
  return {
    installation: async (): Promise<Installation> => ({
      build: await buildHash(options.program),
      packages: (await licences()).packages.map(({ name, version, licence }) => ({ name, version, licence }))
    }),
    licence: async (name) => {
      const { packages, texts } = await licences()
      return texts[packages.find((one) => one.name === name)?.text ?? -1] ?? ''
    },
    preview,
    save: async () => {
      const path = options.outbox.newPath('.json')
      await writeFile(path, shown ?? (await preview()), { mode: 0o600 })
      return options.outbox.offer(path, 'attune-diagnostics.json')
    }
  }
}

/** SHA-256 over the program's files, by name and content; maps for debuggers left out. Hexadecimal. */
export async function buildHash(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map') && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const path of paths) {
    const bytes = await readFile(path)
    hash.update(`${relative(folder, path).split(sep).join('/')}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

async function diagnosticsText(options: DiagnosticsOptions): Promise<string> {
  const { facts, program, marks, faults } = options
  const { version, platform, shell, device, threads, memory, disk } = await facts()
  const { datasets, models, runs } = marks()
  const content = {
    about:
      'Made by Attune for whoever looks into a fault. Ids, counts and codes; no names of files, classes or people, and no texts.',
    made: new Date().toISOString(),
    attune: { version, build: await buildHash(program), shell },
    system: { platform, device, threads, memory, disk, versions: runtimeVersions() },
    holds: { datasets, models, runs: runs.length },
    runs: runs.slice(0, SHOWN_RUNS).map(({ id, state, task, method, step, total_steps, failure_code }) => ({
      id,
      state,
      task,
      method,
      step,
      total_steps,
      failure_code
    })),
    faults: faults()
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

const RUNTIMES = ['node', 'v8', 'electron', 'chrome']

const runtimeVersions = (): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(process.versions).filter(([name]) => RUNTIMES.includes(name)))
