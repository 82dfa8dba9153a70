import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const REPEAT_MILLISECONDS = 300

/** The environment of every process we start: the runtime must never load with its telemetry on (docs/decisions/0001). */
export const childEnvironment = () => ({ ...process.env, ORT_DISABLE_TELEMETRY: '1' })

/** The exit code that a shell would report. */
export const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0)

/**
 * Runs a program on this process's own terminal and resolves to its exit code.
 *
 * Signals: Ctrl+C in a terminal goes to the whole foreground group, so the child has had it and it is only survived here; without a
 * terminal (a pipe, a service) it reached us alone and is handed on. Repeats within 0.3 s are one: npm also hands on what its child
 * has already had. SIGTERM and SIGHUP are always handed on.
 */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: 'inherit', env: childEnvironment(), windowsHide: true, ...options })
    const isTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
    let last = -Infinity
    const interrupt = () => {
      const now = performance.now()
      if (!isTerminal && now - last > REPEAT_MILLISECONDS) child.kill('SIGINT')
      last = now
    }
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', pass)
    process.on('SIGHUP', pass)
    const release = () => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', pass)
      process.off('SIGHUP', pass)
    }
    child.once('error', (error) => {
      release()
      fail(error)
    })
    child.once('exit', (code, signal) => {
      release()
      done(exitCode(code, signal))
    })
  })
}

/** Runs a program and resolves to its exit code and everything it printed, in order. */
export function capture(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: childEnvironment(),
      windowsHide: true,
      ...options
    })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.once('error', fail)
    child.once('close', (code, signal) => done({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString('utf8') }))
  })
}
