import { createHash, randomInt } from 'node:crypto'
import { InputError } from '../base/errors.ts'

/** Crockford's base32: no I, L, O, U, which are taken for other characters. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 26 symbols of 5 bits are 130 bits. */
const SECRET = 26
const CHECK = 4
const GROUP = 5

/** A new recovery key as it is shown: six groups of five, the last four symbols a checksum of the others. */
export function newRecoveryKey(): string {
  const secret = Array.from({ length: SECRET }, () => alphabet[randomInt(32)]).join('')
  return grouped(secret + checksum(secret))
}

/**
 * The secret part of a recovery key as somebody typed it: case, spaces and hyphens do not count, and what is easily misread is read right.
 * @throws InputError where it cannot be a recovery key of anybody: a typing mistake
 */
export function readRecoveryKey(typed: string): string {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  const secret = plain.slice(0, SECRET)
  const isWhole = plain.length === SECRET + CHECK && [...plain].every((symbol) => alphabet.includes(symbol))
  if (isWhole && checksum(secret) === plain.slice(SECRET)) return secret
  const found =
    plain.length === SECRET + CHECK
      ? 'A character in it is wrong'
      : `It has ${SECRET + CHECK} characters, and here are ${plain.length}`
  throw new InputError('recovery-mistyped', `This is not how the recovery key was printed. ${found}: compare it with the paper.`)
}

/** Whether what somebody typed is a recovery key, of these files or of others. */
export function isRecoveryKey(typed: string): boolean {
  try {
    readRecoveryKey(typed)
    return true
  } catch {
    return false
  }
}

function checksum(secret: string): string {
  const bits = createHash('sha256').update(`attune recovery ${secret}`).digest().readUInt32BE(0)
  return Array.from({ length: CHECK }, (_, i) => alphabet[(bits >>> (5 * i)) & 31]).join('')
}

const grouped = (symbols: string): string => (symbols.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-')
