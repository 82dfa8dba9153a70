import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { sizeOf } from '../../base/wording.ts'
import { nulRefusal } from './magic.ts'

const LINE_FEED = 10
const RETURN = 13

/** Bytes that Windows-1252 leaves undefined. */
const UNDEFINED_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

/** Control characters that text files do hold: tab, vertical tab, form feed, the old end-of-file mark, escape. */
const TEXT_CONTROLS = new Set([9, 11, 12, 26, 27])

/** First line (from 1; 0 = none) at which each kind of evidence was met. */
export interface ByteEvidence {
  /** A well-formed UTF-8 sequence of two or more bytes. */
  readonly multiByte: number
  /** A byte that no well-formed UTF-8 has at its place. */
  readonly invalid: number
  /** A byte that Windows-1252 text does not hold. */
  readonly foreign: number
}

export function lineTooLong(path: string, line: number, limit: number): InputError {
  const message = `Line ${line} of ${basename(path)} is longer than ${sizeOf(limit)}. Split the text into several rows, or check that the file is a table.`
  return new InputError('data_line_too_long', message, { file: path, line })
}

/**
 * Walks over the bytes of a file once, without decoding them, and notes which lines are UTF-8 and which cannot be
 * (well-formedness after table 3-7 of the Unicode standard). Refuses NUL bytes and lines over `limit` bytes as soon as they are met.
 */
export class Utf8Scanner {
  readonly #path: string
  readonly #limit: number
  #line = 1
  #length = 0
  #afterReturn = false
  #needed = 0
  #low = 0x80
  #high = 0xbf
  #multiByte = 0
  #invalid = 0
  #foreign = 0

  constructor(path: string, limit: number) {
    this.#path = path
    this.#limit = limit
  }

  get evidence(): ByteEvidence {
    return { multiByte: this.#multiByte, invalid: this.#invalid, foreign: this.#foreign }
  }

  push(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0
      if (this.#needed > 0 && this.#continues(byte)) continue
      if (byte >= 0x80) {
        this.#start(byte)
      } else if (byte >= 32) {
        this.#afterReturn = false
        this.#length++
      } else {
        this.#control(byte)
      }
    }
    if (this.#length > this.#limit) throw lineTooLong(this.#path, this.#line, this.#limit)
  }

  end(): void {
    if (this.#needed > 0) this.#fail()
    this.#needed = 0
  }

  #fail(): void {
    if (this.#invalid === 0) this.#invalid = this.#line
  }

  #continues(byte: number): boolean {
    if (byte < this.#low || byte > this.#high) {
      this.#fail()
      this.#needed = 0
      return false
    }
    this.#markForeign(byte)
    this.#length++
    this.#low = 0x80
    this.#high = 0xbf
    this.#needed--
    if (this.#needed === 0 && this.#multiByte === 0) this.#multiByte = this.#line
    return true
  }

  #start(byte: number): void {
    this.#afterReturn = false
    this.#length++
    this.#markForeign(byte)
    this.#low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
    this.#high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
    if (byte >= 0xc2 && byte <= 0xdf) this.#needed = 1
    else if (byte >= 0xe0 && byte <= 0xef) this.#needed = 2
    else if (byte >= 0xf0 && byte <= 0xf4) this.#needed = 3
    else this.#fail()
  }

  #markForeign(byte: number): void {
    if (this.#foreign === 0 && UNDEFINED_1252.has(byte)) this.#foreign = this.#line
  }

  #control(byte: number): void {
    if (byte === LINE_FEED || byte === RETURN) {
      if (this.#length > this.#limit) throw lineTooLong(this.#path, this.#line, this.#limit)
      if (!(byte === LINE_FEED && this.#afterReturn)) this.#line++
      this.#afterReturn = byte === RETURN
      this.#length = 0
      return
    }
    if (byte === 0) throw nulRefusal(this.#path, this.#line)
    this.#afterReturn = false
    this.#length++
    if (this.#foreign === 0 && !TEXT_CONTROLS.has(byte)) this.#foreign = this.#line
  }
}
