/** Long form to the short forms that hurried writers use. */
export const abbreviations: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bblood pressure\b/gi, ['BP']],
  [/\bhistory of\b/gi, ['h/o', 'hx of']],
  [/\bfamily history\b/gi, ['FHx', 'FH']],
  [/\bbreathlessness\b/gi, ['SOB', 'dyspnoea']],
  [/\bchest pain\b/gi, ['CP', 'chest pains']],
  [/\babdominal\b/gi, ['abdo']],
  [/\bexamination\b/gi, ['exam']],
  [/\bweeks\b/gi, ['wks', 'w']],
  [/\bmonths\b/gi, ['mths', 'mo']],
  [/\byears\b/gi, ['yrs', 'y']],
  [/\bweakness\b/gi, ['weakness']],
  [/\bheadache\b/gi, ['HA', 'headache']],
  [/\btemperature\b/gi, ['temp', 'T']],
  [/\bappointment\b/gi, ['appt']],
  [/\btreatment\b/gi, ['Rx', 'tx']],
  [/\bhospital\b/gi, ['hosp']],
  [/\bpatient\b/gi, ['pt']],
  [/\boperation\b/gi, ['op']],
  [/\bhigh blood pressure\b/gi, ['HTN']],
  [/\btype 2 diabetes\b/gi, ['T2DM']],
  [/\batrial fibrillation\b/gi, ['AF']],
  [/\bweight loss\b/gi, ['wt loss', 'weight loss']],
  [/\bhaemoglobin\b/gi, ['Hb']],
  [/\bday(s?)\b/gi, ['d$1', 'day$1']],
  [/\bwithout\b/gi, ['w/o', 'without']],
  [/\bwith\b/gi, ['w', 'with', 'with']],
  [/\bsince\b/gi, ['since', 'sinc']],
  [/\bbecause of\b/gi, ['2° to', 'due to']],
  [/\bregistrar\b/gi, ['SpR']],
  [/\bleft\b/gi, ['L', 'left']],
  [/\bright\b/gi, ['R', 'right']]
]

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** The keys beside each letter on the keyboard, for slips of the finger. */
export const neighbours: ReadonlyMap<string, string> = new Map(
  rows.flatMap((row) => [...row].map((key, i): [string, string] => [key, `${row[i - 1] ?? ''}${row[i + 1] ?? ''}`]))
)
