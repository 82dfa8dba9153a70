import type { Specialty } from './clinic-types.ts'

export const gastroenterology: Specialty = {
  id: 'gastroenterology',
  clinic: '[gastroenterology|bowel|upper GI|endoscopy] clinic',
  alarming: [
    '[vomiting|bringing up] [fresh blood|blood like coffee grounds|bowlfuls of blood]',
    'black tarry stools with [faintness|a racing pulse]',
    '[severe|rigid|constant] abdominal pain [with vomiting|with a hard belly|that doubles {him} up]',
    'jaundice with [fever and shaking|confusion]',
    'a swollen belly with [no wind or stool passed|repeated vomiting]',
    '[heavy|brisk] bleeding from the back passage with clots',
    'a trapped hernia with vomiting'
  ],
  concerning: [
    'a change in bowel habit [with weight loss|with mucus]',
    'difficulty swallowing [solids|bread and meat]',
    'blood mixed with the stools',
    'weight loss of {n6} kg with [early fullness|loss of appetite]',
    'painless jaundice',
    '+bloody stools five times a day',
    'abdominal pain that wakes {him} at night',
    'anaemia with low iron'
  ],
  minor: [
    '[heartburn|indigestion] after [spicy meals|wine|late suppers]',
    'bloating [after bread|by evening|before periods]',
    'constipation [when travelling|on iron tablets]',
    'a little bright blood on the paper from piles',
    '+loose stools when nervous',
    'a reducible hernia',
    'hiccups after meals',
    'abdominal cramp with a stomach bug'
  ],
  tests: [
    {
      name: 'haemoglobin',
      critical: ['is {n58}', 'has fallen to {n58} since Monday'],
      borderline: ['is 118'],
      normal: ['is {n138}', 'is normal', 'has not changed']
    },
    {
      name: 'CT of the abdomen',
      critical: ['shows free air', 'shows an obstructing mass'],
      borderline: ['shows a few diverticula'],
      normal: ['is normal', 'shows nothing of concern']
    },
    {
      name: 'stool test',
      critical: ['is above 400 with bleeding every hour'],
      borderline: ['is 60'],
      normal: ['is negative', 'is below 10']
    },
    {
      name: 'colonoscopy',
      critical: ['shows deep ulceration throughout'],
      borderline: ['found one small polyp, removed'],
      normal: ['was clear', 'was normal to the caecum']
    }
  ],
  bad: ['the abdomen is rigid', '{he} is pale and sweaty, pulse {n130}', 'no bowel sounds', 'deeply jaundiced and drowsy'],
  fine: ['the abdomen is soft', 'no mass felt', 'weight steady at {n70} kg', 'rectal examination normal', 'not jaundiced'],
  history: [
    'an appendix operation',
    'a stomach ulcer',
    'gallstones',
    'a hernia repair',
    'a bowel resection',
    'pancreatitis',
    'a bleeding ulcer',
    'hepatitis A'
  ],
  drugs: [
    'omeprazole 20 mg',
    'lansoprazole 30 mg',
    'mesalazine',
    'loperamide as needed',
    'ferrous fumarate',
    'macrogol sachets',
    'mebeverine'
  ]
}

export const urology: Specialty = {
  id: 'urology',
  clinic: '[urology|prostate|kidney stone|haematuria] clinic',
  alarming: [
    '[complete|sudden] inability to pass urine',
    '[sudden|severe] pain in one testicle',
    '[loin|flank] pain with [high fever and rigors|fever and a single kidney]',
    'a blocked catheter with [a swollen belly|agony]',
    'heavy bleeding in the urine with clots [and retention|and faintness]',
    'an erection that has not gone down for hours',
    'swelling and blackening of the skin of the groin'
  ],
  concerning: [
    'blood in the urine [without pain|on three occasions]',
    'a [hard|painless] lump in the testicle',
    'getting up {n6} times a night [with dribbling|with back pain]',
    'a weak stream [with infections|with leaking at night]',
    'loin pain [in waves|with nausea]',
    '+urine infections every month',
    'weight loss with bone pain'
  ],
  minor: [
    'getting up once at night to pass urine',
    'a [soft|small] cyst above the testicle',
    'a slow start to the stream [in public|in the mornings]',
    'leaking of urine on [sneezing|trampolines]',
    'dark urine on hot days',
    'a tight foreskin without infection',
    'stinging after a urine infection'
  ],
  tests: [
    {
      name: 'creatinine',
      critical: ['has jumped to {n500}', 'is {n500} and rising'],
      borderline: ['is 112'],
      normal: ['is 78', 'is where it was last year']
    },
    {
      name: 'ultrasound of the kidneys',
      critical: ['shows an obstructed infected kidney', 'shows both kidneys blocked'],
      borderline: ['shows a small stone, not blocking'],
      normal: ['is normal', 'shows no stone']
    },
    {
      name: 'PSA',
      critical: ['is above 1000 with weak legs'],
      borderline: ['is 4.{digit}'],
      normal: ['is 0.{digit}', 'is unchanged at 1.{digit}']
    },
    {
      name: 'potassium',
      critical: ['is 6.{digit} on a fresh sample', 'is 7.1'],
      borderline: ['is 5.2'],
      normal: ['is 4.{digit}', 'is normal']
    }
  ],
  bad: [
    'the bladder is felt above the navel',
    'temperature 39.{digit} with rigors',
    'the testicle is high and exquisitely tender'
  ],
  fine: [
    'the bladder is not felt',
    'the prostate is smooth',
    'both testes are normal',
    'urine clear on dipstick',
    'no loin tenderness'
  ],
  history: [
    'kidney stones',
    'a prostate operation',
    'a kidney infection',
    'a bladder tumour',
    'a kidney removal',
    'an undescended testis'
  ],
  drugs: [
    'tamsulosin 400 micrograms',
    'finasteride 5 mg',
    'solifenacin 5 mg',
    'nitrofurantoin 100 mg',
    'trimethoprim 200 mg',
    'mirabegron'
  ]
}

export const gynaecology: Specialty = {
  id: 'gynaecology',
  clinic: "[gynaecology|early pregnancy|women's health] clinic",
  alarming: [
    '[severe|one-sided] pelvic pain with a positive pregnancy test',
    '[flooding|very heavy] bleeding with [faintness|clots the size of a fist]',
    'heavy bleeding [in early pregnancy|two weeks after delivery] with fever',
    '[sudden|agonising] pelvic pain with vomiting and a known cyst',
    'a severe headache with visual disturbance in late pregnancy',
    'fever and pelvic pain [after a coil was fitted|after surgery]',
    "loss of the baby's movements"
  ],
  concerning: [
    'bleeding [after the menopause|after intercourse|between periods]',
    'a [firm|painless] breast lump',
    'bloating with [early fullness|loss of weight]',
    'pelvic pain [on most days|during intercourse]',
    '+periods lasting fourteen days',
    'a discharge [with blood|from one nipple]',
    'a sore patch on the vulva that bleeds'
  ],
  minor: [
    '+[painful|irregular] periods [as in her teens|when stressed]',
    '+hot flushes [at night|in meetings]',
    'tender breasts before periods',
    'a dragging feeling after long days standing',
    'spotting on the new pill',
    'dryness after the menopause',
    'thrush [after antibiotics|twice a year]'
  ],
  tests: [
    {
      name: 'pregnancy hormone level',
      critical: ['is 4200 with an empty womb', 'has doubled and there is fluid in the pelvis'],
      borderline: ['is weakly positive'],
      normal: ['is negative', 'is as expected for dates']
    },
    {
      name: 'pelvic scan',
      critical: ['shows free fluid', 'shows a twisted ovary'],
      borderline: ['shows a simple cyst of 3 cm'],
      normal: ['is normal', 'shows a thin lining']
    },
    {
      name: 'smear',
      critical: ['shows a visible tumour with bleeding'],
      borderline: ['shows borderline change'],
      normal: ['was normal', 'is up to date and clear']
    }
  ],
  bad: [
    'the abdomen is rigid and she is pale',
    'blood pressure {n85}/50, pulse {n130}',
    'temperature 39.{digit} and a tender womb'
  ],
  fine: ['the abdomen is soft', 'speculum examination normal', 'no mass felt', 'breasts normal', 'blood pressure {n128}/78'],
  history: [
    'a caesarean section',
    'an ectopic pregnancy',
    'endometriosis',
    'fibroids',
    'a miscarriage',
    'a hysterectomy',
    'ovarian cysts'
  ],
  drugs: [
    'the combined pill',
    'tranexamic acid',
    'mefenamic acid 500 mg',
    'oestrogen patches',
    'folic acid',
    'progesterone 200 mg'
  ]
}
