import { randomBytes } from 'node:crypto'
import { appendFileSync as appendPlain, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, readFile as readPlain, stat as statPlain, truncate, writeFile as writePlain } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { filesToSeal, keyIdOf, removeSealedWith, sealInPlace } from '../../../../../src/main/base/sealed/convert.ts'
import { CHUNK_BYTES, FULL_FRAME, HEADER_BYTES, isSealed } from '../../../../../src/main/base/sealed/format.ts'
import { appendFileSync, createWriteStream, open, readFile, stat, writeFile } from '../../../../../src/main/base/sealed/fs.ts'
import { writeFileAtomic } from '../../../../../src/main/base/files.ts'
import { keyRing, type Sealing } from '../../../../../src/main/base/sealed/key-ring.ts'
import { seal, unseal } from '../../../../../src/main/base/sealed/whole.ts'

const key = { id: 'ab'.repeat(16), hex: '11'.repeat(32) }
const sealing = { id: key.id, bytes: Buffer.from(key.hex, 'hex') }
let folder: string

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'attune-sealed-'))))
afterAll(() => {
  keyRing.use()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() =>
  keyRing.use({ places: [{ folder, except: [join(folder, 'plain')], sparesTop: false, keyId: key.id }], keys: [key] })
)

const content = (size: number): Buffer => Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255))
/** Sizes around the borders of chunks. */
const sizes = fc.oneof(
  fc.constantFrom(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 1, 3 * CHUNK_BYTES - 1),
  fc.integer({ min: 0, max: 3 * CHUNK_BYTES })
)

describe('a sealed file', () => {
  test('comes back as it was, whatever its size', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        expect(unseal(seal(content(size), sealing), 'x').equals(content(size))).toBe(true)
      }),
      { numRuns: 40 }
    )
  })

  test('shows nothing of its content, and is another one each time', () => {
    const text = Buffer.from('canary '.repeat(20_000))
    const [a, b] = [seal(text, sealing), seal(text, sealing)]
    expect(a.includes('canary')).toBe(false)
    expect(a.subarray(HEADER_BYTES, HEADER_BYTES + 64)).not.toEqual(b.subarray(HEADER_BYTES, HEADER_BYTES + 64))
  })

  test('is refused after any flipped bit', () => {
    const sealed = seal(content(CHUNK_BYTES + 500), sealing)
    fc.assert(
      fc.property(fc.integer({ min: 8, max: sealed.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const flipped = Buffer.from(sealed)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        expect(() => unseal(flipped, 'x')).toThrow(/encrypted/)
      }),
      { numRuns: 150 }
    )
    for (let at = 8; at < HEADER_BYTES; at++) {
      const flipped = Buffer.from(sealed)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      expect(() => unseal(flipped, 'x'), `byte ${at} of the header`).toThrow(/encrypted/)
    }
  })

  test('is refused cut off anywhere, at the border of chunks too', () => {
    const sealed = seal(content(3 * CHUNK_BYTES), sealing)
    const borders = [0, 1, 2].map((frames) => HEADER_BYTES + frames * FULL_FRAME)
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...borders), fc.integer({ min: 8, max: sealed.length - 1 })), (length) => {
        expect(() => unseal(sealed.subarray(0, length), 'x')).toThrow(/encrypted/)
      }),
      { numRuns: 80 }
    )
    expect(() => unseal(Buffer.concat([sealed, Buffer.alloc(28)]), 'x')).toThrow(/encrypted/)
  })

  test('is refused with chunks exchanged, in it or with another file', () => {
    const [a, b] = [seal(content(2 * CHUNK_BYTES + 10), sealing), seal(content(2 * CHUNK_BYTES + 10), sealing)]
    const frame = (file: Buffer, i: number): Buffer =>
      file.subarray(HEADER_BYTES + i * FULL_FRAME, HEADER_BYTES + (i + 1) * FULL_FRAME)
    const head = (file: Buffer): Buffer => file.subarray(0, HEADER_BYTES)
    const swapped = Buffer.concat([head(a), frame(a, 1), frame(a, 0), frame(a, 2)])
    const mixed = Buffer.concat([head(a), frame(a, 0), frame(b, 1), frame(a, 2)])
    expect(() => unseal(swapped, 'x')).toThrow(/damaged/)
    expect(() => unseal(mixed, 'x')).toThrow(/damaged/)
  })

  test('needs the key that it names', () => {
    const sealed = seal(content(10), sealing)
    keyRing.use()
    expect(() => unseal(sealed, 'x')).toThrow(/Unlock the folder that it lies in/)
  })
})

describe('files', () => {
  const path = (name: string): string => join(folder, name)

  test('are written at any place and in any order, and read the same', async () => {
    const size = 5 * CHUNK_BYTES + 123
    const whole = content(size)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 1, max: 90_000 })), { maxLength: 25 }),
        async (parts) => {
          const file = await open(path('order'), 'w', 0o600)
          await file.write(whole.subarray(size - 1), 0, 1, size - 1)
          const expected = Buffer.alloc(size)
          expected[size - 1] = whole[size - 1] ?? 0
          for (const [at, length] of parts) {
            const part = whole.subarray(at, at + length)
            await file.write(part, 0, part.length, at)
            part.copy(expected, at)
            if (length % 7 === 0) await file.sync()
          }
          await file.close()
          expect((await readFile(path('order'))).equals(expected)).toBe(true)
        }
      ),
      { numRuns: 15 }
    )
    expect(isSealed(await readPlain(path('order')))).toBe(true)
  })

  test('larger than what is held at once go to disk in between', async () => {
    const size = 70 * CHUNK_BYTES + 5
    const whole = content(size)
    const file = await open(path('large'), 'w')
    for (let at = size - (size % 1000); at >= 0; at -= 1000) await file.write(whole, at, Math.min(1000, size - at), at)
    await file.close()
    expect((await readFile(path('large'))).equals(whole)).toBe(true)
    await using back = await open(path('large'))
    const some = Buffer.alloc(200_000)
    expect(await back.read(some, 0, some.length, 3 * CHUNK_BYTES - 7)).toEqual({ bytesRead: 200_000 })
    expect(some.equals(whole.subarray(3 * CHUNK_BYTES - 7, 3 * CHUNK_BYTES - 7 + 200_000))).toBe(true)
  })

  test('say the size of their content, and end where it ends', async () => {
    await writeFile(path('sized'), content(CHUNK_BYTES + 9))
    expect((await stat(path('sized'))).size).toBe(CHUNK_BYTES + 9)
    expect((await stat(path('sized'), { bigint: true })).size).toBe(BigInt(CHUNK_BYTES + 9))
    await using file = await open(path('sized'))
    expect((await file.stat()).size).toBe(CHUNK_BYTES + 9)
    const end = Buffer.alloc(20)
    expect(await file.read(end, 0, 20, CHUNK_BYTES)).toEqual({ bytesRead: 9 })
    expect(await file.read(end, 0, 20, CHUNK_BYTES + 9)).toEqual({ bytesRead: 0 })
  })

  test('are read one after the other without a position', async () => {
    await writeFile(path('walk'), content(CHUNK_BYTES + 9))
    await using file = await open(path('walk'))
    const parts: Buffer[] = []
    for (;;) {
      const buffer = Buffer.alloc(50_000)
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) break
      parts.push(buffer.subarray(0, bytesRead))
    }
    expect(Buffer.concat(parts).equals(content(CHUNK_BYTES + 9))).toBe(true)
  })

  test('are written as streams', async () => {
    const stream = createWriteStream(path('stream'), { mode: 0o400 })
    for (let i = 0; i < 30; i++) stream.write(content(10_000))
    await new Promise((done) => stream.end().once('finish', done))
    expect((await readFile(path('stream'))).length).toBe(300_000)
    expect((await statPlain(path('stream'))).mode & 0o777).toBe(0o400)
  })

  test('outside, and in folders that are spared, stay as they are', async () => {
    await mkdir(path('plain'), { recursive: true })
    await writeFile(path('plain/weights'), 'public')
    expect(await readPlain(path('plain/weights'), 'utf8')).toBe('public')
    expect(await readFile(path('plain/weights'), 'utf8')).toBe('public')
  })

  test('that were cut off are refused when they are opened, whatever will be read of them', async () => {
    await writeFile(path('cut'), content(3 * CHUNK_BYTES))
    await truncate(path('cut'), HEADER_BYTES + 2 * FULL_FRAME)
    await expect(open(path('cut'))).rejects.toThrow(/damaged/)
  })

  test('left in the middle of writing are refused', async () => {
    const file = await open(path('half'), 'w')
    for (let i = 0; i < 40; i++) await file.write(content(CHUNK_BYTES))
    await expect(readFile(path('half'))).rejects.toThrow(/damaged/)
    await file.close()
    expect((await readFile(path('half'))).length).toBe(40 * CHUNK_BYTES)
  })
})

describe('a journal', () => {
  const path = (): string => join(folder, `journal-${randomBytes(4).toString('hex')}`)

  test('holds what was appended, and a plain or sealed file becomes one', async () => {
    const [fresh, plain, whole] = [path(), path(), path()]
    await writePlain(plain, 'before\n')
    await writeFile(whole, 'before\n')
    for (const file of [fresh, plain, whole]) {
      appendFileSync(file, 'one\n')
      appendFileSync(file, 'two\n')
      expect(isSealed(await readPlain(file))).toBe(true)
    }
    expect(await readFile(fresh, 'utf8')).toBe('one\ntwo\n')
    expect(await readFile(plain, 'utf8')).toBe('before\none\ntwo\n')
    expect(await readFile(whole, 'utf8')).toBe('before\none\ntwo\n')
  })

  test('cut off or changed anywhere gives a beginning of what was appended, never anything else', async () => {
    const file = path()
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}\n`)
    for (const line of lines) appendFileSync(file, line)
    const bytes = await readPlain(file)
    fc.assert(
      fc.property(
        fc.integer({ min: HEADER_BYTES + 32, max: bytes.length }),
        fc.integer({ min: HEADER_BYTES + 32, max: bytes.length - 1 }),
        (length, at) => {
          const changed = Buffer.from(bytes.subarray(0, length))
          if (at < length) changed[at] = (changed[at] ?? 0) ^ 1
          expect(lines.join('').startsWith(unseal(changed, 'x').toString())).toBe(true)
        }
      )
    )
  })

  test('goes on after a crash left half an entry', async () => {
    const file = path()
    appendFileSync(file, 'one\n')
    appendPlain(file, Buffer.from([200, 0, 0, 0, 1, 2, 3]))
    appendFileSync(file, 'two\n')
    expect(await readFile(file, 'utf8')).toBe('one\ntwo\n')
  })
})

describe('conversion', () => {
  test('leaves what somebody wrote meanwhile', async () => {
    const path = join(folder, 'meanwhile')
    await writePlain(path, content(8 << 20))
    const sealing = sealInPlace(path)
    await writeFileAtomic(path, 'newer')
    await sealing
    expect(await readFile(path, 'utf8')).toBe('newer')
    expect((await readdir(folder)).filter((name) => name.startsWith('meanwhile'))).toEqual(['meanwhile'])
  })

  test('seals what is plain, once, and sweeps what an earlier try left', async () => {
    const root = join(folder, 'convert')
    await mkdir(join(root, 'inner'), { recursive: true })
    await writePlain(join(root, 'inner/a.csv'), 'text,label\ncanary,yes\n', { mode: 0o400 })
    await writePlain(join(root, 'b.bin'), content(200_000))
    await writePlain(join(root, 'b.bin.sealing'), 'half')
    const found: string[] = []
    for await (const path of filesToSeal(root)) found.push(path)
    expect(found.sort()).toEqual([join(root, 'b.bin'), join(root, 'inner/a.csv')])
    for (const path of found) await sealInPlace(path)
    for await (const path of filesToSeal(root)) throw new Error(`${path} is still plain`)
    expect(await readFile(join(root, 'inner/a.csv'), 'utf8')).toBe('text,label\ncanary,yes\n')
    expect((await statPlain(join(root, 'inner/a.csv'))).mode & 0o777).toBe(0o400)
    expect((await readFile(join(root, 'b.bin'))).equals(content(200_000))).toBe(true)
    expect((await readdir(root)).sort()).toEqual(['b.bin', 'inner'])
  })
})

describe('what belongs to a project', () => {
  const [one, other] = [
    { id: 'cd'.repeat(16), hex: '22'.repeat(32) },
    { id: 'ef'.repeat(16), hex: '33'.repeat(32) }
  ]
  const keyIdAt = (path: string): string | undefined => keyRing.keyFor(join(folder, path))?.id
  beforeEach(() => {
    keyRing.use({
      places: [{ folder, except: [join(folder, 'models')], sparesTop: true, keyId: key.id }],
      keys: [key, one, other],
      home: folder,
      projects: [
        { project: 'p-1', keyId: one.id },
        { project: 'p-practice-x', keyId: other.id }
      ],
      belongings: [
        { id: 'r-lq3-a1', project: 'p-1' },
        { id: 'd-1', project: 'p-1' },
        { id: 'p-practice-x', project: 'p-practice-x' }
      ]
    })
  })

  test('gets its key wherever it lies, and nothing else does', () => {
    const own = [
      'runs/r-lq3-a1-1/report.json',
      'configurations/r-lq3-a1.yaml',
      'configurations/r-lq3-a1.json.42.tmp',
      'bin/d-1/dataset/t'
    ]
    expect(own.map(keyIdAt)).toEqual(own.map(() => one.id))
    expect(keyIdAt('projects/p-practice-x.json')).toBe(other.id)
    expect(['runs/r-lq3-a2-1/x', 'datasets/d-11/x', 'cache/tokens/r-lq3-a1', 'backups/a'].map(keyIdAt)).toEqual(
      Array(4).fill(key.id)
    )
    expect([keyIdAt('models/d-1/x'), keyIdAt('keys.json')]).toEqual([undefined, undefined])
  })

  test('is sealed alike in another process, whose caches get the key of the project that it works for', () => {
    keyRing.use(JSON.parse(JSON.stringify(keyRing.share(join(folder, 'runs/r-lq3-a1-1')))) as Sealing)
    expect([keyIdAt('runs/r-lq3-a1-1/x'), keyIdAt('cache/tokens/a'), keyIdAt('cache/weights/a')]).toEqual([
      one.id,
      one.id,
      undefined
    ])
  })

  test('keeps its key in the shared caches', async () => {
    const shared = keyRing.share()
    const cached = join(folder, 'cache/tokens/a')
    await mkdir(join(folder, 'cache/tokens'), { recursive: true })
    keyRing.use(keyRing.share(join(folder, 'runs/r-lq3-a1-1')))
    await writeFile(cached, 'canary')
    keyRing.use(shared)
    for await (const path of filesToSeal(join(folder, 'cache'))) throw new Error(`${path} would be sealed anew`)
    expect(await keyIdOf(cached)).toBe(one.id)
    await removeSealedWith(join(folder, 'cache'), new Set([other.id]))
    expect(await readdir(join(folder, 'cache/tokens'))).toEqual(['a'])
    await removeSealedWith(join(folder, 'cache'), new Set([one.id]))
    expect(await readdir(join(folder, 'cache/tokens'))).toEqual([])
  })

  test('is sealed anew where it had another key, journals too, and goes where its key was destroyed', async () => {
    keyRing.use({ places: [{ folder, except: [], sparesTop: false, keyId: key.id }], keys: [key, other] })
    const root = join(folder, 'datasets')
    await mkdir(join(root, 'd-1'), { recursive: true })
    for (const name of ['table', 'labels', 'stays']) appendFileSync(join(root, 'd-1', name), `${name} before\n`)
    keyRing.use({
      ...keyRing.share(),
      home: folder,
      projects: [{ project: 'p-1', keyId: one.id }],
      belongings: [{ id: 'd-1', project: 'p-1' }]
    })
    keyRing.addProject('p-1', one)
    appendFileSync(join(root, 'd-1', 'labels'), 'labels after\n')
    expect(await keyIdOf(join(root, 'd-1', 'labels'))).toBe(one.id)
    const found: string[] = []
    for await (const path of filesToSeal(root)) found.push(path)
    expect(found.sort()).toEqual([join(root, 'd-1/stays'), join(root, 'd-1/table')])
    for (const path of found) await sealInPlace(path)
    appendFileSync(join(root, 'd-1', 'stays'), 'stays after\n')
    keyRing.use({ ...keyRing.share(), places: [], keys: [one] })
    expect(await readFile(join(root, 'd-1', 'labels'), 'utf8')).toBe('labels before\nlabels after\n')
    expect(await readFile(join(root, 'd-1', 'stays'), 'utf8')).toBe('stays before\nstays after\n')

    keyRing.use({ places: [{ folder, except: [], sparesTop: false, keyId: key.id }], keys: [key] })
    await expect(readFile(join(root, 'd-1', 'table'))).rejects.toMatchObject({ code: 'sealed-locked' })
    for await (const path of filesToSeal(root)) throw new Error(`${path} cannot be sealed anew`)
    expect(await readdir(join(root, 'd-1'))).toHaveLength(3)
    for await (const path of filesToSeal(root, new Set([one.id]))) throw new Error(`${path} cannot be sealed anew`)
    expect(await readdir(join(root, 'd-1'))).toEqual([])
  })
})
