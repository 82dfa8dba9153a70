import { stat } from 'node:fs/promises'
import { InputError } from '../base/errors.ts'
import { askSecret, type SecretInput, type SecretLines } from './ask-secret.ts'
import type { Output } from './output.ts'
import type { CommandInvocation } from './run-task.ts'

export interface SecretWay {
  /** Where secrets are lines of the input; null where they are asked for. */
  readonly lines: SecretLines | null
  readonly input: SecretInput
}

/**
 * The passphrase of the pack or mapping that a command writes or reads: null where it needs none, undefined where the person gave up.
 * @throws InputError where nobody can be asked, or two tries differ
 */
export async function packSecretFor(
  { command, argument, switches, values }: CommandInvocation,
  way: SecretWay,
  output: Output
): Promise<string | null | undefined> {
  if (command === 'deidentify' && values.has('known')) return oldPassphrase(way, output, values.get('known') ?? '', 'mapping')
  if (command === 'deidentify') return values.has('mapping') ? newPassphrase(way, output, 'mapping') : null
  if (command === 'export') return switches.has('encrypt') ? newPassphrase(way, output, 'pack') : null
  if (!['verify', 'review', 'import', 'inspect'].includes(command)) return null
  const { isAgeFile } = await import('../export/pack/age.ts')
  const isFile = await stat(argument).then(
    (found) => found.isFile(),
    () => false
  )
  if (!isFile || !(await isAgeFile(argument))) return null
  return oldPassphrase(way, output, argument, 'pack')
}

async function oldPassphrase(
  { lines, input }: SecretWay,
  output: Output,
  file: string,
  what: 'pack' | 'mapping'
): Promise<string | undefined> {
  if (lines) return lines.next()
  if (input.isTTY !== true) throw notAsked(file)
  return (await askSecret(`Passphrase of the ${what} (it is not shown): `, input, output.errors.write)) ?? undefined
}

/** What is typed unseen is typed twice: nobody can open a pack whose passphrase was mistyped. */
async function newPassphrase({ lines, input }: SecretWay, output: Output, what: 'pack' | 'mapping'): Promise<string | undefined> {
  if (lines) return lines.next()
  if (input.isTTY !== true) throw notAsked(null)
  const first = await askSecret(`Passphrase for the ${what} (it is not shown): `, input, output.errors.write)
  if (first === null) return undefined
  const second = await askSecret('The same again: ', input, output.errors.write)
  if (second === null) return undefined
  if (first === second) return first
  throw new InputError('passphrase-differs', 'The two passphrases differ. Nothing was written; run the command again.')
}

function notAsked(file: string | null): InputError {
  const what = file === null ? 'A passphrase is needed' : `${file} is encrypted`
  const sentence = `${what}. Run this in a terminal, which asks for it, or hand it in with --passphrase-stdin.`
  return new InputError('passphrase-needed', sentence, file === null ? {} : { file })
}
