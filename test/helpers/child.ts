import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface ChildResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `source`, an ES module, in a Node process of its own, with exactly the environment given. */
export async function runModule(source: string, environment: Readonly<Record<string, string>>): Promise<ChildResult> {
  const child = spawn(process.execPath, ['--input-type=module', '--expose-gc', '-'], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe']
  })
  child.stdin.end(source)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, stdout, stderr }
}
