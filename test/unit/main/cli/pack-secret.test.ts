import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArguments } from '../../../../src/main/cli/arguments.ts'
import { askYes, SecretLines } from '../../../../src/main/cli/ask-secret.ts'
import type { Output } from '../../../../src/main/cli/output.ts'
import { packSecretFor } from '../../../../src/main/cli/pack-secret.ts'
import type { CommandInvocation } from '../../../../src/main/cli/run-task.ts'

let root: string
let shown = ''
let asked = (): void => undefined
const write = (text: string): void => {
  shown += text
  if (/: $|\] $/.test(text)) asked()
}
const output = { errors: { write } } as unknown as Output // All of it that asking uses.

/** A terminal at which these lines are typed, each when it is asked for. */
function terminal(...lines: readonly string[]): PassThrough & { isTTY: true } {
  const input = Object.assign(new PassThrough(), { isTTY: true as const })
  const left = [...lines]
  asked = () => void setImmediate(() => input.write(left.shift() ?? '\u0003'))
  return input
}

const command = (...words: readonly string[]): CommandInvocation => {
  const invocation = readArguments(words)
  if (invocation.kind !== 'command') throw new Error('no command')
  return invocation
}
const exporting = (): CommandInvocation => command('export', 'run', '--format', 'attune', '--out', 'x.attune', '--encrypt')

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-secret-'))
  await writeFile(join(root, 'locked.attune'), 'age-encryption.org/v1\n-> scrypt x 18\n')
  await writeFile(join(root, 'plain.attune'), 'PK')
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the passphrase of a pack', () => {
  test('is asked twice for a new one, and shown nowhere', async () => {
    shown = ''
    const input = terminal('four words are better\n', 'four words are better\n')
    expect(await packSecretFor(exporting(), { lines: null, input }, output)).toBe('four words are better')
    expect(shown).not.toContain('four')
  })

  test('is refused where the two differ, and given up with Ctrl+C', async () => {
    await expect(
      packSecretFor(exporting(), { lines: null, input: terminal('one of them\n', 'the other\n') }, output)
    ).rejects.toMatchObject({
      code: 'passphrase-differs'
    })
    expect(await packSecretFor(exporting(), { lines: null, input: terminal('\u0003') }, output)).toBeUndefined()
    expect(await packSecretFor(exporting(), { lines: null, input: terminal('one\n', '\u0003') }, output)).toBeUndefined()
  })

  test('is asked once for one that is there, and only where it is encrypted', async () => {
    const [locked, plain] = ['locked', 'plain'].map((name) => command('verify', join(root, `${name}.attune`))) as [
      CommandInvocation,
      CommandInvocation
    ] // As many as names.
    expect(await packSecretFor(locked, { lines: null, input: terminal('secret\n') }, output)).toBe('secret')
    expect(await packSecretFor(plain, { lines: null, input: terminal() }, output)).toBeNull()
    expect(await packSecretFor(command('verify', root), { lines: null, input: terminal() }, output)).toBeNull()
    expect(await packSecretFor(command('devices'), { lines: null, input: terminal() }, output)).toBeNull()
    const nobody = { lines: null, input: new PassThrough() }
    await expect(packSecretFor(locked, nobody, output)).rejects.toMatchObject({ code: 'passphrase-needed' })
    await expect(packSecretFor(exporting(), nobody, output)).rejects.toMatchObject({ code: 'passphrase-needed' })
  })

  test('comes from a line of its own where it is piped in', async () => {
    const input = new PassThrough()
    input.end('of the folder\r\nof the pack\nleft over')
    const lines = new SecretLines(input)
    expect(await lines.next()).toBe('of the folder')
    expect(await packSecretFor(exporting(), { lines, input }, output)).toBe('of the pack')
    await lines.close()
    expect(input.destroyed).toBe(true)
  })
})

test.each([
  ['y\n', true],
  [' YES \n', true],
  ['\n', false],
  ['n\n', false],
  ['yesterday\n', false]
])('%j is a yes: %s', async (typed, isYes) => {
  expect(await askYes('Import it?', terminal(typed), write)).toBe(isYes)
})
