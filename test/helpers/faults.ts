import { fork, type ChildProcess } from 'node:child_process'
import { link, open, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reply } from '../../src/preload/contract/common.ts'

/** What goes wrong with a run, once, at a step. */
export interface Fault {
  readonly kind: 'trainer' | 'main' | 'full-disk' | 'drive' | 'checkpoint' | 'power-cut'
  readonly step: number
}

export interface Machine {
  readonly folder: string
  readonly resources: string
  /** The trainer's program. */
  readonly trainer: string
  /** What runs its services (main-process.ts). */
  readonly program: string
}

/** The application on a machine where things go wrong. It is started again as often as it dies. */
export class FaultyApplication {
  readonly #machine: Machine
  #main: ChildProcess | null = null
  #count = 0

  constructor(machine: Machine) {
    this.#machine = machine
  }

  get dataFolder(): string {
    return join(this.#machine.folder, 'data')
  }

  get isAlive(): boolean {
    return this.#main !== null && this.#main.exitCode === null && this.#main.signalCode === null
  }

  get pid(): number {
    return this.#main?.pid ?? 0
  }

  async open(): Promise<void> {
    const { program, resources, trainer } = this.#machine
    const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', NODE_COMPILE_CACHE: join(this.#machine.folder, '../compiled') }
    const main = fork(program, [this.dataFolder, resources, trainer], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    })
    let printed = ''
    main.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text))
    await new Promise<void>((resolve, reject) => {
      main.once('message', () => resolve())
      main.once('exit', () => reject(new Error(`The application did not open: ${printed}`)))
    })
    this.#main = main
  }

  /** Calls a route. Rejects with the sentence of a failure, and where the application dies meanwhile. */
  call<T>(channel: string, argument?: unknown, file = ''): Promise<T> {
    const id = ++this.#count
    const main = this.#main
    return new Promise<T>((resolve, reject) => {
      const end = (): void => reject(new Gone())
      const hear = (message: { readonly id: number; readonly reply: Reply<T> }): void => {
        if (message.id !== id) return
        main?.off('message', hear)
        main?.off('exit', end)
        if (message.reply.ok) resolve(message.reply.value)
        else reject(new Error(message.reply.error.message))
      }
      if (!main || !this.isAlive) return end()
      main.on('message', hear)
      main.once('exit', end)
      main.send({ id, channel, argument, file }, (error) => error && end())
    })
  }

  async untilDead(): Promise<void> {
    const main = this.#main
    if (main && this.isAlive) await new Promise((done) => main.once('exit', done))
  }

  async close(): Promise<void> {
    if (this.isAlive) this.#main?.send({ channel: 'close' })
    await this.untilDead()
  }
}

/** The application died before it could answer. */
export class Gone extends Error {}

/** As it looks after a power cut: what was renamed but not flushed is torn, the newest entries of the tracker are gone, and the system started anew. */
export async function tearDown(dataFolder: string, runFolder: string): Promise<void> {
  await tearNewestCheckpoint(runFolder)
  await writeFile(join(runFolder, 'run.json.99999.tmp'), '{"format": "att')
  const metrics = await open(join(runFolder, 'metrics.jsonl'), 'a')
  await metrics.write('{"event":"step","st')
  await metrics.close()
  for (const ending of ['-wal', '-shm']) await rm(join(dataFolder, `attune.sqlite${ending}`), { force: true })
  const lock = join(dataFolder, 'attune.lock')
  const [pid = ''] = (await readFile(lock, 'utf8')).split(' ')
  await writeFile(lock, `${pid} another-start`)
}

/** Cuts the newest checkpoint short where there is one before it. */
export async function tearNewestCheckpoint(runFolder: string): Promise<void> {
  const root = join(runFolder, 'checkpoints')
  const names = (await readdir(root).catch(() => [])).filter((name) => name.startsWith('step-')).sort()
  const newest = names.at(-1)
  if (newest !== undefined && names.length > 1) await truncate(join(root, newest, 'tensors.safetensors'), 40)
}

/** Leaves the curve no room: the system itself refuses the next line of it. In one go, so that no line is written to a new file meanwhile. */
export async function fillDisk(runFolder: string): Promise<void> {
  const path = join(runFolder, 'metrics.jsonl')
  await link(path, `${path}.aside`)
  await symlink('/dev/full', `${path}.full`)
  await rename(`${path}.full`, path)
}

/** Frees the disk: the curve goes on where it was. */
export async function freeDisk(runFolder: string): Promise<void> {
  const path = join(runFolder, 'metrics.jsonl')
  await rename(`${path}.aside`, path)
}
