import { describe, expect, it } from 'vitest'
import { findPersonal } from '../../../../../src/main/data/personal/find.ts'
import { personalRules } from '../../../../../src/main/data/personal/rules/index.ts'

/** What stands in « » is to be found as the kind, and nothing else in the text; a text without them is a near miss of the rule. */
const cases: Readonly<Record<string, readonly string[]>> = {
  EMAIL: [
    'Write to «anna.weber+clinic@mail.example.co.uk», please.',
    'Mail: «j_doe@beispiel.de».',
    '«jürgen.groß@münchen.example» wrote',
    'a user at home',
    'the ratio @ 5 mg',
    'price: 5@each',
    'twitter @clinic_news',
    'reach me: «anna [at] example [dot] org»'
  ],
  URL: ['See «https://example.com/a?b=1#c».', '(«www.klinik-nord.example/team»)', 'see ://nothing', 'and/or', 'Dr.www'],
  IP: [
    'from «192.168.14.7» at night',
    'host «2001:db8:85a3::8a2e:370:7334»',
    'version 1.2.3.4',
    'v10.0.0.1',
    '300.1.1.1',
    'at 12:30:45',
    'section 1.2.3.4.5',
    'a::b'
  ],
  IBAN: [
    'IBAN «DE89 3704 0044 0532 0130 00» please',
    '«GB29NWBK60161331926819»',
    'Konto «AT61 1904 3002 3457 3201», BIC',
    'DE89 3704 0044 0532 0130 01',
    'DE12 34',
    'AB12 3456 7890 1234 5678'
  ],
  CARD: [
    'card «4111 1111 1111 1111» expired',
    '«5500-0000-0000-0004»',
    'Amex «378282246310005»',
    '4111 1111 1111 1112',
    '1234 5678 9012 3452',
    '0000 0000 0000 0000'
  ],
  NHS: [
    'NHS number: «943 476 5919»',
    'NHS No «4010232137»',
    '943 476 5918 as the NHS number',
    'NHS number: 000 000 0000',
    'ratio 450 557 7105 of'
  ],
  SSN: [
    'SSN «536-22-1234».',
    'social security number «536 22 1234»',
    'SSN 666-22-1234',
    'SSN 000-12-3456',
    'SSN 900-12-3456',
    'SSN 536-00-1234',
    'SSN 536-22-0000',
    'part 536-221-234'
  ],
  TAX_ID: [
    'Steuer-ID: «86 095 742 719»',
    'IdNr. «47036892816»',
    'Steuer-ID: 86 095 742 718',
    'Steuer-ID: 11 111 111 111',
    'Steuer-ID 06095742719'
  ],
  SOCIAL_INSURANCE: [
    'RVNR «15 070649 C 103»',
    '«65180539W001»',
    'NI number «AB 12 34 56 C»',
    'Insurance: «JG103759A»',
    '15 070649 C 104',
    '15 990649 C 103',
    'BG 12 34 56 C',
    'QQ 12 34 56 C'
  ],
  PASSPORT: [
    'Passport no. «C01X00T47» was shown',
    'Reisepass Nr.: «C01X0006H»',
    'Personalausweisnummer «L01X00T471»',
    'passport control',
    'pass the salt'
  ],
  RECORD: [
    'MRN «0048213-7»',
    'Patient ID: «P-20394»',
    'Az. «4 O 123/22»',
    'Aktenzeichen: «12 C 345/21»',
    'Kundennummer «88231»',
    'our ref: «LH/2291/04»',
    'case 12 of the study',
    'file name',
    'account for 2000 of them',
    'Fall 2020 was hard',
    'Versichertennummer «A123456780»',
    'health «M110176040» only'
  ],
  DATE: [
    'on «12 March 2024»',
    'on «March 5, 2024», he',
    'since «5th of May 2021».',
    'am «05.03.2024» gesehen',
    '«2024-03-05T10:00»'.replace('T10:00»', '»T10:00'),
    'seen «3/14/2024»',
    'am «5. März 2024»',
    'im «Januar 2023»',
    'vom «3.4.» bis «7.4.» hier',
    'born «19840229»',
    'in «Sept 2022»',
    '32.13.2024',
    '2024-13-05',
    'may 5 be enough',
    'chapter 3.4',
    'ratio 1/2',
    'BP 120/80',
    '29.02.2023',
    'dose 2.5.1',
    'March on'
  ],
  PHONE: [
    'call «+44 20 7946 0958» now',
    'Tel.: «030 23125 478»',
    'Tel. «0171/2345678»',
    'Telefon: «(0 89) 1 23 45 67»',
    'Phone «(212) 555-0123»',
    'mobile «07700 900123»',
    '«+49 (0)171 2345678»',
    'dose 0.125 mg',
    'the year 2020 2021',
    'items 1234567'
  ],
  ADDRESS: [
    'lives at «12 High Street, Norwich, NR2 4AB».',
    '«221B Baker Street» was',
    '«1600 Pennsylvania Avenue, Washington, DC 20500»',
    'wohnhaft «Lindenstraße 12a, 10115 Berlin»',
    '«Am Alten Markt 5, 50667 Köln»',
    'Postcode «SW1A 1AA»',
    'Hauptstraße des Lebens',
    '5 people close by',
    '10000 Euro',
    '3 Drive errors',
    'in Berlin'
  ],
  AGE: [
    'aged «93»',
    'a «91»-year-old woman',
    'eine «95»-jährige Patientin',
    '«102» Jahre alt',
    'aged 45',
    'weight 93 kg',
    'aged 93 %'
  ],
  NAME: [
    'Dr. «Anna Weber» called. Later «Weber» wrote.',
    'Frau «Schmidt» kam',
    'Herrn «Müller-Lüdenscheidt»',
    'Mr «Jones» and Mrs. «O’Neill»',
    'Prof. Dr. med. «Jörg von der Heide» sah',
    'Patient: «Maria Gonzalez», born',
    'Frau Kollegin',
    'Dr. med.',
    'the patient was well',
    'Dear Sir',
    'Sehr geehrte Damen und Herren',
    'Betreff: Befund vom Montag',
    'Re: «Anna Weber», born',
    'Parkinson disease and Frank Discussion Hospital'
  ]
}

describe('personal rules', () => {
  for (const [kind, texts] of Object.entries(cases))
    it.each(texts)(`${kind}: %s`, (marked) => {
      const text = marked.replace(/[«»]/g, '')
      const wanted = [...marked.matchAll(/«([^»]*)»/g)].map(([, value]) => value)
      const found = findPersonal(text).filter(({ label }) => label === kind)
      expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(wanted)
    })

  it('are tried each by a case that is found and one that is not', () => {
    const kinds = new Set(personalRules.map(({ kind }) => kind))
    expect([...kinds].filter((kind) => !cases[kind]?.some((text) => text.includes('«')))).toEqual([])
    expect([...kinds].filter((kind) => !cases[kind]?.some((text) => !text.includes('«')))).toEqual([])
  })
})
