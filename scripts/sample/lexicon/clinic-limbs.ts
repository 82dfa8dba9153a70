import type { Specialty } from './clinic-types.ts'

export const rheumatology: Specialty = {
  id: 'rheumatology',
  clinic: '[rheumatology|joint|early arthritis|bone] clinic',
  alarming: [
    'a [hot|red|exquisitely painful] swollen [knee|wrist|ankle] with [fever|rigors]',
    'back pain with [numbness of the saddle area|loss of bladder control|weakness of both legs]',
    'a [cold|white|pulseless] [leg|foot|hand] with severe pain',
    'a temple headache with loss of vision and jaw pain',
    'severe calf swelling with breathlessness',
    'a fever with joint pain and a purple rash',
    'a deformed limb after a fall with numb fingers'
  ],
  concerning: [
    '+[swollen|stiff] [knuckles|wrists|finger joints] with an hour of morning stiffness',
    'back pain [at night with weight loss|in a patient with past cancer]',
    'shoulder stiffness on both sides with tiredness',
    'calf pain on walking fifty yards',
    '+fingers that turn white and ulcerate',
    'a swollen calf [after a flight|in plaster]',
    'hip pain [with fever|with night sweats]',
    'muscle weakness on rising from a chair'
  ],
  minor: [
    '[knee|hip|thumb|ankle] pain [after gardening|on stairs|in damp weather|after football]',
    'back [ache|stiffness] after [lifting|long drives]',
    'a trigger finger',
    'a bunion',
    '+clicking knees',
    'a stiff neck [after sleeping badly|from the desk]',
    'tennis elbow',
    '+cramps in the calf at night',
    'heel pain on the first steps of the day',
    'a frozen shoulder'
  ],
  tests: [
    {
      name: 'CRP',
      critical: ['is {n300}', 'has risen to {n300} overnight'],
      borderline: ['is 14'],
      normal: ['is below 5', 'is normal']
    },
    {
      name: 'X-ray',
      critical: ['shows destruction of a vertebra', 'shows gas in the soft tissues'],
      borderline: ['shows moderate wear'],
      normal: ['is normal', 'shows no fracture', 'shows only mild wear']
    },
    {
      name: 'joint fluid',
      critical: ['is full of pus', 'grows bacteria'],
      borderline: ['shows a few crystals'],
      normal: ['is clear', 'is sterile']
    },
    {
      name: 'leg vein scan',
      critical: ['shows clot up to the groin'],
      borderline: ['shows a superficial clot'],
      normal: ['is clear', 'shows no clot']
    }
  ],
  bad: ['{he} cannot move the joint at all, temperature 39.{digit}', 'no pulse below the knee', 'both ankles have lost power'],
  fine: [
    'full range of movement',
    'no swelling of the joints',
    'straight leg raise is normal',
    'pulses are present',
    'walks without a stick'
  ],
  history: [
    'a hip replacement',
    'gout',
    'a knee replacement',
    'a wrist fracture',
    'a leg clot',
    'a septic joint',
    'polymyalgia',
    'back surgery'
  ],
  drugs: [
    'methotrexate 15 mg weekly',
    'naproxen 250 mg',
    'allopurinol {dose}',
    'paracetamol',
    'alendronic acid weekly',
    'hydroxychloroquine 200 mg',
    'colchicine'
  ]
}

export const dermatology: Specialty = {
  id: 'dermatology',
  clinic: '[skin|dermatology|pigmented lesion] clinic',
  alarming: [
    'a [spreading|widespread] blistering rash with [sore mouth and eyes|fever]',
    'a [purple|non-blanching] rash with [fever|drowsiness]',
    'rapidly spreading redness of the [leg|face] with [rigors|severe pain]',
    'skin that peels off in sheets',
    'swelling of the lips and tongue after [a bee sting|nuts|a new tablet]',
    'a rash covering the whole body with shivering',
    '+painful black patches on the skin with fever'
  ],
  concerning: [
    'a [changing|dark|bleeding] mole on the [back|calf|shoulder|scalp]',
    'a [growing|crusted] lump on the [ear|lip|hand]',
    'an ulcer on the [shin|temple] [that will not heal|with a rolled edge]',
    'a [widespread|raw] eczema [with weeping|keeping {him} awake]',
    '+blisters on the [legs|arms]',
    'psoriasis [over most of the trunk|with swollen joints]',
    'a dark streak under the nail'
  ],
  minor: [
    'a [dry|itchy] patch on the [elbow|shin|neck]',
    'a [flat|pale|hairy] mole [on the back|that has always been there]',
    '+warts on the [hand|foot]',
    'acne [on the chin|before periods]',
    'dandruff',
    'a skin tag that catches on clothing',
    '+age spots on the hands',
    'a fungal nail',
    'a rash [under the watch strap|from washing powder]',
    'mild psoriasis of the scalp'
  ],
  tests: [
    {
      name: 'biopsy',
      critical: ['shows melanoma 4 mm thick', 'shows necrolysis'],
      borderline: ['shows mild atypia, fully removed'],
      normal: ['is benign', 'shows eczema only', 'shows a harmless mole']
    },
    {
      name: 'skin swab',
      critical: ['grows a flesh-destroying streptococcus'],
      borderline: ['grows mixed organisms'],
      normal: ['is sterile', 'grows nothing']
    },
    {
      name: 'dermoscopy',
      critical: ['shows a bleeding nodule 12 mm across'],
      borderline: ['shows a slightly irregular network'],
      normal: ['shows a regular pattern', 'is reassuring']
    }
  ],
  bad: [
    'the skin comes away at a touch',
    'the redness has passed the line drawn two hours ago',
    'temperature 39.{digit}, pulse {n130}'
  ],
  fine: ['the border is regular', 'no nodes felt', 'the skin elsewhere is normal', 'no blisters', 'the mouth is clear'],
  history: ['a melanoma', 'a rodent ulcer', 'cellulitis', 'severe eczema', 'a drug rash', 'skin grafts', 'shingles'],
  drugs: [
    'emollients',
    'hydrocortisone cream',
    'betamethasone ointment',
    'flucloxacillin 500 mg',
    'lymecycline',
    'fexofenadine 120 mg'
  ]
}
