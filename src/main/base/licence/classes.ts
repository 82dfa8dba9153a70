/** What a licence lets people do with a model that was made from the licensed one, from the freest to the least known. */
export type LicenceClass =
  'permissive' | 'attribution' | 'share-alike' | 'no-derivatives' | 'non-commercial' | 'research-only' | 'custom' | 'unknown'

/** What whoever passes a changed model on has to do, or may not do. */
export type Obligation =
  'notice' | 'attribution' | 'share-alike' | 'no-derivatives' | 'non-commercial' | 'research-only' | 'use-rules'

export interface LicenceTerms {
  readonly class: LicenceClass
  readonly obligations: readonly Obligation[]
}

/** What each class means, in one sentence. A sentence is no legal advice: the licence itself decides. */
export const classSentences: Readonly<Record<LicenceClass, string>> = {
  permissive: 'Allows use, change and passing on, commercial too; its notice has to stay with the model.',
  attribution: 'Allows use, change and passing on, commercial too, as long as its authors are named.',
  'share-alike': 'Allows commercial use; what is made from it may be passed on only under the same licence.',
  'no-derivatives': 'Does not allow a changed model to be passed on: keep what was made from it to yourself.',
  'non-commercial': 'Does not allow commercial use, of the model or of what was made from it.',
  'research-only': 'Allows research alone: neither commercial nor other use in practice.',
  custom: 'Has terms of its own: read the licence before you use or pass on what was made from it.',
  unknown: 'No licence was found: ask whoever made the model what you may do with it.'
}

/** What each obligation asks of whoever passes the model on. */
export const obligationSentences: Readonly<Record<Obligation, string>> = {
  notice: 'Keep the copyright notice and the text of the licence with the model.',
  attribution: 'Name its authors, and say that it was changed.',
  'share-alike': 'Pass what was made from it on only under the same licence.',
  'no-derivatives': 'Do not pass a changed model on.',
  'non-commercial': 'Do not use it, or what was made from it, commercially.',
  'research-only': 'Use it for research alone.',
  'use-rules': 'Keep to the uses that its licence allows, and hand these rules on with the model.'
}

/** Classes that a person should know of before a model leaves this machine. */
const noticed: ReadonlySet<LicenceClass> = new Set(['no-derivatives', 'non-commercial', 'research-only', 'custom', 'unknown'])

export const needsNotice = ({ class: found }: LicenceTerms): boolean => noticed.has(found)

const terms = (found: LicenceClass, ...obligations: readonly Obligation[]): LicenceTerms => ({ class: found, obligations })

const unknown = terms('unknown')

/** The licences that Hugging Face's model cards name, by pattern; the names are SPDX's in small letters where SPDX has them. */
const table: readonly (readonly [RegExp, LicenceTerms])[] = [
  [/^(?:unknown|none|null)$/, unknown],
  [/^(?:cc0(?:-1\.0)?|unlicense|wtfpl|pddl(?:-1\.0)?|0bsd)$/, terms('permissive')],
  [
    /^(?:apache-2\.0|mit|isc|zlib|ncsa|postgresql|bsl-1\.0|bsd(?:-.*)?|afl-3\.0|artistic-2\.0|ecl-2\.0|ms-pl|ofl-1\.1|cdla-permissive-[12]\.0|openmdw-1\.[01]|etalab-2\.0)$/,
    terms('permissive', 'notice')
  ],
  [
    /^(?:a?gpl(?:-.*)?|lgpl(?:-.*)?|mpl-2\.0|epl-[12]\.0|eupl-1\.[12]|osl-3\.0|gfdl(?:-.*)?|lppl-.*|odbl(?:-.*)?|cdla-sharing-1\.0)$/,
    terms('share-alike', 'notice', 'share-alike')
  ],
  [/^odc-by(?:-.*)?$/, terms('attribution', 'attribution')],
  [/^(?:.*-research|.*research-(?:only|licen[cs]e).*|apple-amlr|c-uda)$/, terms('research-only', 'research-only')],
  [/^(?:.*non-?commercial.*)$/, terms('non-commercial', 'non-commercial')],
  [/^(?:.*open-?rail.*|.*-rail(?:-.*)?)$/, terms('custom', 'use-rules', 'notice')],
  [/^(?:llama.*|gemma.*|grok.*|deepfloyd.*|apple-ascl|.*-community.*)$/, terms('custom', 'use-rules', 'notice')]
]

/** The terms of a licence by its name on a model card (`apache-2.0`, `cc-by-nc-4.0`, `llama3`). A name that is not known is `custom`. */
export function termsOfName(name: string): LicenceTerms {
  const id = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
  const creative = /^cc-by(?<nc>-nc)?(?<rest>-nd|-sa)?(?:-[\d.]+.*)?$/.exec(id)
  if (creative) return creativeCommons(creative.groups?.['nc'] !== undefined, creative.groups?.['rest'])
  return table.find(([pattern]) => pattern.test(id))?.[1] ?? terms('custom')
}

/** The four conditions of Creative Commons: the strictest of them names the class. */
function creativeCommons(isNonCommercial: boolean, rest: string | undefined): LicenceTerms {
  const further: readonly Obligation[] = rest === '-sa' ? ['share-alike'] : rest === '-nd' ? ['no-derivatives'] : []
  if (isNonCommercial) return terms('non-commercial', 'attribution', 'non-commercial', ...further)
  if (rest === '-nd') return terms('no-derivatives', 'attribution', 'no-derivatives')
  return rest === '-sa' ? terms('share-alike', 'attribution', 'share-alike') : terms('attribution', 'attribution')
}
