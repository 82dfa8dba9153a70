import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { termsOfName } from '../../../../../src/main/base/licence/classes.ts'
import { licenceNotice, licenceOf, readLicence } from '../../../../../src/main/base/licence/read-licence.ts'
import { licenceOfText } from '../../../../../src/main/base/licence/recognise.ts'

describe('a licence by its name', () => {
  test.each([
    ['apache-2.0', 'permissive'],
    ['MIT', 'permissive'],
    ['Apache 2.0', 'permissive'],
    ['bsd-3-clause', 'permissive'],
    ['cc0-1.0', 'permissive'],
    ['cc-by-4.0', 'attribution'],
    ['cc-by-sa-3.0', 'share-alike'],
    ['gpl-3.0', 'share-alike'],
    ['agpl-3.0', 'share-alike'],
    ['lgpl', 'share-alike'],
    ['mpl-2.0', 'share-alike'],
    ['cc-by-nd-4.0', 'no-derivatives'],
    ['cc-by-nc-4.0', 'non-commercial'],
    ['cc-by-nc-sa-4.0', 'non-commercial'],
    ['cc-by-nc-nd-3.0', 'non-commercial'],
    ['fair-noncommercial-research-license', 'research-only'],
    ['intel-research', 'research-only'],
    ['h-research', 'research-only'],
    ['openrail++', 'custom'],
    ['bigscience-bloom-rail-1.0', 'custom'],
    ['creativeml-openrail-m', 'custom'],
    ['llama3.1', 'custom'],
    ['gemma', 'custom'],
    ['our-own-terms', 'custom'],
    ['unknown', 'unknown']
  ])('%s is %s', (name, kind) => expect(termsOfName(name).class).toBe(kind))

  test('tells the variants of Creative Commons apart by what they ask for', () => {
    expect(termsOfName('cc-by-nc-sa-4.0').obligations).toEqual(['attribution', 'non-commercial', 'share-alike'])
    expect(termsOfName('cc-by-nc-nd-4.0').obligations).toEqual(['attribution', 'non-commercial', 'no-derivatives'])
    expect(termsOfName('cc-by-4.0').obligations).toEqual(['attribution'])
  })
})

describe('a licence by its text', () => {
  test.each([
    ['                                 Apache License\n                           Version 2.0, January 2004', 'apache-2.0'],
    ['MIT License\n\nCopyright (c) 2020 Someone', 'mit'],
    ['Copyright 2020\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software', 'mit'],
    ['Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International Public License', 'cc-by-nc-sa-4.0'],
    ['Creative Commons Attribution 4.0 International', 'cc-by-4.0'],
    ['Attribution-NoDerivatives 4.0 International\nCreative Commons Attribution-NoDerivatives 4.0', 'cc-by-nd-4.0'],
    ['GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007', 'gpl-3.0'],
    ['These weights are for research purposes only.', 'research-only'],
    ['Do as you like, but say hello.', null]
  ])('%j is %s', (text, name) => expect(licenceOfText(text)).toBe(name))
})

describe('the licence of a folder', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-licence-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('is unknown, then that of its file, then that of its card', async () => {
    expect(await readLicence(folder)).toMatchObject({ name: null, source: null, class: 'unknown', files: [] })
    await writeFile(join(folder, 'LICENSE.txt'), 'Terms of the house: ask us first.')
    expect(await readLicence(folder)).toMatchObject({ name: null, source: 'file', class: 'custom', files: ['LICENSE.txt'] })
    await writeFile(join(folder, 'LICENSE.txt'), 'Apache License\nVersion 2.0, January 2004')
    await writeFile(join(folder, 'NOTICE'), 'Made by someone')
    expect(await readLicence(folder)).toMatchObject({ name: 'apache-2.0', source: 'file', class: 'permissive' })
    await writeFile(join(folder, 'README.md'), '---\nlicense: other\nlicense_name: house-terms\n---\n')
    expect(await readLicence(folder)).toMatchObject({ name: 'house-terms', source: 'card', class: 'custom' })
  })

  test('is there for the model that comes with Attune', async () => {
    const bundled = join(import.meta.dirname, '../../../../../resources/sample/model')
    expect(await readLicence(bundled)).toMatchObject({ name: 'apache-2.0', class: 'permissive', files: ['LICENSE'] })
  })

  test('is noticed before export only where there is something to mind', () => {
    expect(licenceNotice(licenceOf('apache-2.0', 'card'), 'm')).toBeNull()
    expect(licenceNotice(licenceOf('gpl-3.0', 'card'), 'm')).toBeNull()
    expect(licenceNotice(licenceOf('cc-by-nc-4.0', 'card'), 'tiny')).toBe(
      'Licence of tiny (cc-by-nc-4.0): Does not allow commercial use, of the model or of what was made from it.'
    )
    expect(licenceNotice(licenceOf(null, null), 'tiny')).toContain('No licence was found')
  })
})
