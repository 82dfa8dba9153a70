/**
 * Performs commands one after the other in one process. Each is the program itself, evaluated anew: its words, folder, streams and exit code are its own; what it has
 * loaded stays. Argument: the program.
 */
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

export interface HostedCommand {
  readonly words: readonly string[]
  readonly cwd: string
}

export interface HostedResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const [program = ''] = process.argv.slice(2)
let count = 0

/** Takes the place of one of the process's streams. */
function collect(name: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = []
  const write = (chunk: Buffer, _: BufferEncoding, done: () => void): void => {
    chunks.push(chunk)
    done()
  }
  Object.defineProperty(process, name, { value: new Writable({ write }), configurable: true })
  return () => Buffer.concat(chunks).toString('utf8')
}

/** As the command has set it; 0 where it has not. */
const exitCode = (): number => Number(process.exitCode ?? 0)

async function perform({ words, cwd }: HostedCommand): Promise<HostedResult> {
  const [stdout, stderr] = [collect('stdout'), collect('stderr')]
  process.chdir(cwd)
  process.argv.splice(2, process.argv.length, ...words)
  process.exitCode = undefined
  await import(`${pathToFileURL(program).href}?command=${count++}`)
  return { code: exitCode(), stdout: stdout(), stderr: stderr() }
}

process.on('message', (command: HostedCommand) => {
  void perform(command).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit())
