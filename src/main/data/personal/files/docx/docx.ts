import { basename } from 'node:path'
import { InputError } from '../../../../base/errors.ts'
import { counted } from '../../../../base/wording.ts'
import { readFile, writeFile } from '../../../../base/sealed/fs.ts'
import type { FileCleaner, FileJob } from '../define-cleaner.ts'
import { archiveOf, damaged, readParts } from './archive.ts'
import { EMPTY_PROPERTIES, withoutThumbnail } from './properties.ts'
import { PartTexts } from './texts.ts'
import { xmlPieces } from './xml.ts'

/** Text that Word shows; data of other programs that go with it; where links lead. */
const SHOWN = /^word\/(?!_rels\/|theme\/|fontTable|styles|webSettings|stylesWithEffects)[^.]+(?:\/[^/]+)?\.xml$/i
const DATA = /^customXml\/item\d+\.xml$/i
const LINKS = /\.rels$/i
const PICTURES = /^word\/media\//i
const EMBEDDED = /^word\/(?:embeddings|activeX|vba)/i

/** Word documents with their layout: text of the body, headers, footers, notes, comments, boxes and charts; properties are emptied. */
export const docxCleaner: FileCleaner = {
  endings: ['.docx'],
  async clean(from, to, job) {
    const file = basename(from)
    const parts = await readParts(await readFile(from), file)
    if (!parts.has('word/document.xml')) throw damaged(file)
    const texts = textsOf(parts, file)
    const [clean] = await job.cleaner.clean([{ text: texts.text, group: job.group }])
    for (const [name, xml] of texts.edited(clean?.edits ?? [])) parts.set(name, Buffer.from(xml))
    await cleanLinks(parts, job, file)
    for (const [name, xml] of Object.entries(EMPTY_PROPERTIES)) if (parts.has(name)) parts.set(name, Buffer.from(xml))
    withoutThumbnail(parts)
    await writeFile(to, await archiveOf(parts), { mode: 0o600 })
    return { notes: leftovers([...parts.keys()]) }
  }
}

function textsOf(parts: ReadonlyMap<string, Buffer>, file: string): PartTexts {
  const texts = new PartTexts()
  for (const [name, bytes] of parts) {
    const isShown = SHOWN.test(name)
    if (!isShown && !DATA.test(name)) continue
    const pieces = xmlPieces(xmlOf(bytes, file))
    if (pieces === null) throw damaged(file)
    texts.add(name, pieces, !isShown)
  }
  return texts
}

/** @throws InputError where a part is not in UTF-8, or declares entities: no word processor writes such parts */
function xmlOf(bytes: Buffer, file: string): string {
  let xml: string
  try {
    xml = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw damaged(file, error)
  }
  if (!/<!(?:DOCTYPE|ENTITY)/i.test(xml)) return xml
  const message = `${file} declares entities of its own, which no word processor writes. Open it in Word and save it again.`
  throw new InputError('data_workbook_unreadable', message)
}

const EXTERNAL = /<Relationship\b[^<>]*\bTargetMode\s*=\s*["']External["'][^<>]*>/g
const TARGET = /(\bTarget\s*=\s*)("[^"<]*"|'[^'<]*')/

/** Links to mail addresses and pages are text too; a path to a file names folders of a person. */
async function cleanLinks(parts: Map<string, Buffer>, job: FileJob, file: string): Promise<void> {
  for (const [name, bytes] of parts) {
    if (!LINKS.test(name)) continue
    const xml = xmlOf(bytes, file)
    const links = [...new Set([...xml.matchAll(EXTERNAL)].map(([tag]) => TARGET.exec(tag)?.[2]?.slice(1, -1) ?? ''))]
    if (links.length === 0) continue
    const clean = await job.cleaner.clean(links.map((text) => ({ text: text.replaceAll('&amp;', '&'), group: job.group })))
    const next = new Map(
      links.map((link, i) => [
        link,
        isPath(link) ? 'about:blank' : (clean[i]?.text ?? '').replaceAll('&', '&amp;').replace(/[<>"'\s]/g, '')
      ])
    )
    const changed = xml.replace(EXTERNAL, (tag) =>
      tag.replace(TARGET, (_all, front: string, target: string) => `${front}"${next.get(target.slice(1, -1)) || 'about:blank'}"`)
    )
    parts.set(name, Buffer.from(changed))
  }
}

const isPath = (link: string): boolean => /^(?:file:|[a-z]:|\\\\|\/)/i.test(link)

/** What was not looked into. */
function leftovers(names: readonly string[]): readonly string[] {
  const pictures = names.filter((name) => PICTURES.test(name)).length
  const embedded = names.filter((name) => EMBEDDED.test(name)).length
  return [
    ...(pictures > 0 ? [`${counted(pictures, 'picture')} in it: what they show was not looked at.`] : []),
    ...(embedded > 0
      ? [`${counted(embedded, 'embedded file')} in it: what they hold was not looked at. Remove them in Word.`]
      : [])
  ]
}
