/** Luhn, ISO/IEC 7812-1 annex B: every second digit from the right is doubled, its digits added; the sum is a multiple of 10. */
export function isLuhn(digits: string): boolean {
  return luhnSum(digits, false) % 10 === 0
}

/** The digit that makes `digits` followed by it pass Luhn. */
export const luhnDigit = (digits: string): number => (10 - (luhnSum(digits, true) % 10)) % 10

function luhnSum(digits: string, doublesLast: boolean): number {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const fromRight = digits.length - 1 - i
    const digit = Number(digits[i])
    sum += (fromRight % 2 === 1) !== doublesLast ? crossSum(digit * 2) : digit
  }
  return sum
}

const crossSum = (n: number): number => (n > 9 ? Math.floor(n / 10) + (n % 10) : n)

/** ISO 7064 MOD 97-10 over an IBAN (ISO 13616): the first four characters moved to the end, letters as 10 to 35; the remainder of a valid one is 1. */
export function ibanRemainder(iban: string): number {
  let remainder = 0
  for (const character of iban.slice(4) + iban.slice(0, 4))
    for (const digit of String(Number.parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97
  return remainder
}

/** The two check digits of an IBAN. */
export const ibanCheck = (country: string, account: string): string =>
  String(98 - ibanRemainder(`${country}00${account}`)).padStart(2, '0')

/** NHS number: the first nine digits weighted 10 to 2; 11 less the remainder by 11 is the tenth, 11 standing for 0. Null where none fits (10). */
export function nhsDigit(nine: string): number | null {
  const sum = [...nine].reduce((total, digit, i) => total + Number(digit) * (10 - i), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? null : check % 11
}

/** The last digit by ISO 7064 MOD 11,10, as the German tax identifier has it. */
export function mod11Digit(digits: string): number {
  let product = 10
  for (const digit of digits) {
    const sum = (Number(digit) + product) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (11 - product) % 10
}

const letterNumber = (letter: string): string => String(letter.toUpperCase().charCodeAt(0) - 64).padStart(2, '0')

const PENSION_WEIGHTS = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]

/** The last digit of a German pension insurance number (VKVV § 4): the letter as two digits, weighted, digits of the products added, by 10. */
export function pensionDigit(eleven: string): number {
  const digits = eleven.replace(/[A-Z]/i, letterNumber)
  return [...digits].reduce((sum, digit, i) => sum + crossSum(Number(digit) * (PENSION_WEIGHTS[i] ?? 0)), 0) % 10
}

/** The last digit of a German health insurance number: the letter as two digits, weighted 1 and 2 in turn, digits of the products added, by 10. */
export function healthInsuranceDigit(nine: string): number {
  const digits = nine.replace(/[A-Z]/i, letterNumber)
  return [...digits].reduce((sum, digit, i) => sum + crossSum(Number(digit) * (1 + (i % 2))), 0) % 10
}
