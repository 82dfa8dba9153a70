import type { PersonalRule } from '../define-rule.ts'
import { addressEnglishRule } from './address-english.ts'
import { addressGermanRule } from './address-german.ts'
import { ageRule } from './age.ts'
import { bareIdentifierRule } from './bare-identifier.ts'
import { cardRule } from './card.ts'
import { dateRule } from './date.ts'
import { emailRule } from './email.ts'
import { germanHealthNumberRule } from './german-health-number.ts'
import { germanPensionNumberRule } from './german-pension-number.ts'
import { germanTaxIdRule } from './german-tax-id.ts'
import { givenAndSurnameRule } from './given-and-surname.ts'
import { ibanRule } from './iban.ts'
import { ipRule } from './ip.ts'
import { labelledNameRule } from './labelled-name.ts'
import { nhsNumberRule } from './nhs-number.ts'
import { passportRule } from './passport.ts'
import { phoneRule } from './phone.ts'
import { recordNumberRule } from './record-number.ts'
import { relatedNameRule } from './related-name.ts'
import { titledNameRule } from './titled-name.ts'
import { ukNationalInsuranceRule } from './uk-national-insurance.ts'
import { urlRule } from './url.ts'
import { usSsnRule } from './us-ssn.ts'

/** Every rule; where two find the same passage with the same certainty, the first one has it. */
export const personalRules: readonly PersonalRule[] = [
  emailRule,
  urlRule,
  ibanRule,
  cardRule,
  nhsNumberRule,
  usSsnRule,
  germanTaxIdRule,
  germanPensionNumberRule,
  ukNationalInsuranceRule,
  germanHealthNumberRule,
  passportRule,
  recordNumberRule,
  dateRule,
  phoneRule,
  ipRule,
  addressEnglishRule,
  addressGermanRule,
  titledNameRule,
  labelledNameRule,
  relatedNameRule,
  givenAndSurnameRule,
  ageRule,
  bareIdentifierRule
]
