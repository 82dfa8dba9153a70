import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { packFacts } from '../../../../../src/main/export/pack/facts.ts'
import { packHead } from '../../../../../src/main/export/pack/layout.ts'
import { unpack, type UnpackOptions, type Unpacked } from '../../../../../src/main/export/pack/unpack.ts'
import { writePack } from '../../../../../src/main/export/pack/write-pack.ts'
import { rawZip, type RawEntry } from '../../../../helpers/raw-zip.ts'
import { smallExport, smallFacts } from '../../../../helpers/small-pack.ts'

const passphrase = 'four words are better'
const { signal } = new AbortController()

let root: string
let folder: string
let plain: Buffer
let sealed: Buffer
/** The same under the same passphrase, but quickly opened. */
let cheap: Buffer
let into: string
let scratch: string

const pack = async (name: string, secret: string | null): Promise<Buffer> => {
  const path = join(root, name)
  await writePack(folder, path, { holds: 'model', passphrase: secret, signal })
  return readFile(path)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-pack-test-'))
  folder = join(root, 'export')
  await smallExport(folder)
  plain = await pack('plain.attune', null)
  sealed = await pack('sealed.attune', passphrase)
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(8)
  cheap = Buffer.from(await encrypter.encrypt(plain))
})

afterAll(() => rm(root, { recursive: true, force: true }))

beforeEach(async () => {
  const place = await mkdtemp(join(root, 'try-'))
  into = join(place, 'into')
  scratch = join(place, 'scratch')
  await mkdir(into)
  await mkdir(scratch)
})

async function opened(bytes: Uint8Array, secret: string | null = null, more: Partial<UnpackOptions> = {}): Promise<Unpacked> {
  const path = join(scratch, 'given.attune')
  await writeFile(path, bytes)
  return unpack(path, into, { passphrase: secret, scratch, signal, onProgress: () => undefined, ...more })
}

/** Refused with this code, in a sentence of its own, and before a file was unpacked. */
async function refused(bytes: Uint8Array, code: string, secret: string | null = null): Promise<void> {
  await expect(opened(bytes, secret)).rejects.toMatchObject({ name: 'InputError', code, message: expect.stringMatching(/\.$/) })
  expect(await readdir(into)).toEqual([])
}

const head: RawEntry = { name: 'attune-pack.json', data: packHead('model') }

describe('a pack', () => {
  test('gives back every file, byte for byte, and says what it holds', async () => {
    const { holds, manifest, files } = await opened(plain)
    expect({ holds, files }).toEqual({ holds: 'model', files: 4 })
    for (const name of await readdir(folder))
      expect(await readFile(join(into, name)), name).toEqual(await readFile(join(folder, name)))
    expect(packFacts(manifest, holds)).toMatchObject({
      labels: ['bad', 'good', 'odd'],
      tested: { part: 'test', rows: 27, metrics: { accuracy: 0.9 } },
      signedBy: expect.stringMatching(/^(?:[0-9a-f]{4} ?){4}$/)
    })
  })

  test('says first what it is, and is the same whenever it is made', async () => {
    expect(plain.indexOf('attune-pack.json')).toBe(30)
    expect(await pack('again.attune', null)).toEqual(plain)
  })

  test('tells of its progress up to its size', async () => {
    const seen: [number, number][] = []
    const { bytes } = await opened(plain, null, { onProgress: (done, total) => seen.push([done, total]) })
    expect(seen.at(-1)).toEqual([bytes, bytes])
  })

  test('is not unpacked where the disk would be full', async () => {
    await expect(opened(plain, null, { freeBytes: async () => 1000 })).rejects.toMatchObject({
      code: 'pack-disk',
      message: expect.stringMatching(/needs 20\d\.\d kB, and 1\.0 kB are free/)
    })
    expect(await readdir(into)).toEqual([])
  })

  test('stops where it is told to', async () => {
    await expect(opened(plain, null, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow()
  })
})

describe('an encrypted pack', () => {
  test('shows nothing of what it holds, and opens with its passphrase', { timeout: 60_000 }, async () => {
    expect(sealed.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/)
    for (const word of ['attune-pack', 'good', 'Apache']) expect(sealed.includes(word)).toBe(false)
    expect((await opened(sealed, passphrase)).files).toBe(4)
  })

  // Written by scripts/reference/age_pack.py: pyrage 1.4.0, an age of its own in Rust.
  test('of another age opens too', async () => {
    const theirs = await readFile(join(import.meta.dirname, '../../../../fixtures/packs/pyrage.attune'))
    const { holds, files, manifest } = await opened(theirs, passphrase)
    expect({ holds, files }).toEqual({ holds: 'model', files: 4 })
    expect(packFacts(manifest, holds).labels).toEqual(['bad', 'good', 'odd'])
    // Its work factor, 19, is half a gigabyte.
  }, 60_000)

  test('is refused without its passphrase, and with another', async () => {
    await refused(sealed, 'pack-locked')
    await refused(cheap, 'pack-passphrase', 'four words are worse')
  })

  test('is refused where a byte was changed', async () => {
    for (const at of [cheap.length - 1, 70_000, 400]) {
      const changed = Buffer.from(cheap)
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(opened(changed, passphrase), String(at)).rejects.toMatchObject({ code: 'pack-damaged' })
      await rm(join(scratch, 'content.zip'), { force: true })
    }
  })

  test('is refused where it was cut off, even between two of its pieces', async () => {
    const start = cheap.indexOf('\n', cheap.indexOf('\n--- ') + 1) + 1 + 16
    for (const length of [30, start - 20, start, start + 65_536 + 16, cheap.length - 1]) {
      await expect(opened(cheap.subarray(0, length), passphrase), String(length)).rejects.toMatchObject({ code: 'pack-damaged' })
      await rm(join(scratch, 'content.zip'), { force: true })
    }
  })

  test('is refused where its header asks for too much work, or has no end', async () => {
    const text = sealed.toString('latin1')
    await refused(Buffer.from(text.replace(/ 18\n/, ' 21\n'), 'latin1'), 'pack-work', passphrase)
    await refused(Buffer.from(text.replace(/ 18\n/, ' 999\n'), 'latin1'), 'pack-damaged', passphrase)
    await refused(Buffer.concat([Buffer.from('age-encryption.org/v1\n'), Buffer.alloc(1e6, 'x')]), 'pack-damaged', passphrase)
  })

  test('is refused where it is for keys instead of a passphrase', async () => {
    const encrypter = new Encrypter()
    encrypter.addRecipient(await identityToRecipient(await generateIdentity()))
    await refused(await encrypter.encrypt(plain), 'pack-recipients', passphrase)
  })
})

describe('what is no pack', () => {
  const manifest = { name: 'model/manifest.json', data: '{}' }

  test.each([
    ['an empty file', Buffer.alloc(0), 'pack-damaged'],
    ['a text', Buffer.from('hello'), 'pack-damaged'],
    ['another zip', rawZip([{ name: 'letter.txt', data: 'hello' }]), 'pack-none'],
    ['a pack whose first entry is another', rawZip([manifest, head]), 'pack-none'],
    ['a zip with a file of that name', rawZip([{ name: 'attune-pack.json', data: '{"format":"other"}' }]), 'pack-none'],
    ['a zip with broken words there', rawZip([{ name: 'attune-pack.json', data: '{' }]), 'pack-none'],
    [
      'a newer version',
      rawZip([{ name: 'attune-pack.json', data: '{"format":"attune-pack","version":2,"holds":"model"}' }]),
      'pack-version'
    ],
    [
      'an unknown content',
      rawZip([{ name: 'attune-pack.json', data: '{"format":"attune-pack","version":1,"holds":"soul"}' }]),
      'pack-version'
    ],
    ['a pack without a manifest', rawZip([head, { name: 'model/config.json', data: '{}' }]), 'pack-damaged']
  ])('%s is refused', (_what, bytes, code) => refused(bytes, code))

  test.each([
    '../config.json',
    'model/../config.json',
    'model/..',
    '/etc/passwd',
    '/model/config.json',
    'C:/model/config.json',
    'model\\config.json',
    '..\\config.json',
    'model/sub/config.json',
    'model/',
    'model',
    'config.json',
    'adapter/config.json',
    'model/.hidden.json',
    'model/con.json',
    'model/COM1.txt',
    'model/config.json.',
    'model/config.json\0.txt',
    'model/c\u00f6nfig.json',
    'model/config .json',
    'model/pytorch_model.bin',
    'model/handler.py',
    'model/run.exe',
    `model/${'a'.repeat(120)}.json`
  ])('an entry %j is refused', (name) => refused(rawZip([head, manifest, { name, data: 'x' }]), 'pack-entry'))

  test.each<[string, readonly RawEntry[], string]>([
    ['the same name twice', [manifest, manifest], 'pack-entry'],
    ['names that differ in capitals alone', [{ name: 'model/Manifest.json' }, manifest], 'pack-entry'],
    ['a compressed entry', [{ ...manifest, deflated: true }], 'pack-entry'],
    ['an encrypted entry', [{ ...manifest, flags: 1, claims: { packedSize: 14 } }], 'pack-entry'],
    ['a link', [{ ...manifest, mode: 0o120777 }], 'pack-entry'],
    ['two thousand entries', Array.from({ length: 2000 }, (_, i) => ({ name: `model/${i}.json` })), 'pack-entry'],
    ['a bomb of zeros', [{ name: 'model/model.safetensors', data: Buffer.alloc(20_000_000), deflated: true }], 'pack-bomb'],
    ['a size that is too large', [{ ...manifest, claims: { size: 1e9, packedSize: 1e9 } }], 'pack-bomb'],
    ['sizes that contradict each other', [{ ...manifest, claims: { size: 100 } }], 'pack-damaged'],
    ['a place beyond the end', [{ ...manifest, claims: { offset: 0xfffffff0 } }], 'pack-damaged']
  ])('a pack with %s is refused', (_what, entries, code) => refused(rawZip([head, ...entries]), code))

  test('a pack of entries that lie upon each other is refused', async () => {
    const data = Buffer.alloc(10_000)
    const same = { claims: { offset: 30 + 16 + head.data!.length } }
    const entries = Array.from({ length: 50 }, (_, i) => ({ name: `model/${i + 10}.json`, data: i === 0 ? data : '', ...same }))
    const claimed = entries.map((entry) => ({ ...entry, claims: { ...same.claims, size: data.length, packedSize: data.length } }))
    await refused(rawZip([head, ...claimed]), 'pack-bomb')
  })

  test('a pack that was cut off anywhere is refused', async () => {
    for (const length of [1, 20, 100, 5000, plain.length - 500, plain.length - 23, plain.length - 22, plain.length - 1])
      await refused(plain.subarray(0, length), 'pack-damaged')
  })
})

describe('a pack whose files are not what its manifest says', () => {
  const repacked = async (change: (place: string) => Promise<void>): Promise<Buffer> => {
    const place = await mkdtemp(join(root, 'changed-'))
    const other = join(place, 'export')
    await smallExport(other)
    await change(other)
    await writePack(other, join(place, 'x.attune'), { holds: 'model', passphrase: null, signal })
    return readFile(join(place, 'x.attune'))
  }

  test.each<[string, string, (place: string) => Promise<void>]>([
    ['a byte', 'verify-file', (place) => writeFile(join(place, 'model.safetensors'), Buffer.alloc(200_000, 8))],
    ['the tokenizer', 'verify-tokenizer', (place) => writeFile(join(place, 'tokenizer.json'), '{ }')],
    [
      'the labels',
      'verify-labels',
      (place) => writeFile(join(place, 'config.json'), '{"id2label":{"0":"good","1":"bad","2":"odd"}}')
    ],
    ['a file too many', 'verify-extra', (place) => writeFile(join(place, 'vocab.txt'), 'x')],
    ['a file too few', 'verify-missing', (place) => rm(join(place, 'tokenizer.json'))],
    ['the manifest', 'verify-manifest', (place) => writeFile(join(place, 'manifest.json'), '{}')]
  ])('is refused: %s', async (_what, code, change) => {
    await expect(opened(await repacked(change))).rejects.toMatchObject({ code })
  })

  test('is refused where a stranger signed what Attune never writes', async () => {
    const place = join(await mkdtemp(join(root, 'strange-')), 'export')
    await smallExport(
      place,
      smallFacts.map((fact) => (fact.kind === 'reading' ? { ...fact, calibration: { temperatures: 'hot' } } : fact))
    )
    const path = join(place, '..', 'x.attune')
    await writePack(place, path, { holds: 'model', passphrase: null, signal })
    const { manifest, holds } = await opened(await readFile(path))
    expect(() => packFacts(manifest, holds)).toThrow(expect.objectContaining({ code: 'pack-manifest' }))
  })
})
