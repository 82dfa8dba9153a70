/** What a passage says of a person. The name is also what a mask shows: `[NAME]`. */
export const personalKinds = [
  'NAME',
  'ADDRESS',
  'DATE',
  'AGE',
  'PHONE',
  'EMAIL',
  'URL',
  'IP',
  'IBAN',
  'CARD',
  'NHS',
  'SSN',
  'TAX_ID',
  'SOCIAL_INSURANCE',
  'PASSPORT',
  'RECORD'
] as const

export type PersonalKind = (typeof personalKinds)[number]

export const isPersonalKind = (name: string): name is PersonalKind => (personalKinds as readonly string[]).includes(name)

/** What other programs, models and people call the same. */
const ALIASES: Readonly<Record<string, PersonalKind>> = {
  PER: 'NAME',
  PERSON: 'NAME',
  PATIENT: 'NAME',
  DOCTOR: 'NAME',
  LOCATION_ADDRESS: 'ADDRESS',
  STREET: 'ADDRESS',
  STREET_ADDRESS: 'ADDRESS',
  DATE_OF_BIRTH: 'DATE',
  DOB: 'DATE',
  PHONE_NUMBER: 'PHONE',
  TELEPHONE: 'PHONE',
  FAX: 'PHONE',
  E_MAIL: 'EMAIL',
  EMAIL_ADDRESS: 'EMAIL',
  IP_ADDRESS: 'IP',
  IBAN_CODE: 'IBAN',
  CREDIT_CARD: 'CARD',
  UK_NHS: 'NHS',
  US_SSN: 'SSN',
  MEDICAL_RECORD: 'RECORD',
  MRN: 'RECORD',
  IDNUM: 'RECORD',
  ID: 'RECORD'
}

/** The kind that a label names, whatever its case; the label itself, written as kinds are, where it names none of ours. */
export function kindOfLabel(label: string): string {
  const plain = label
    .trim()
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
  return ALIASES[plain] ?? plain
}
