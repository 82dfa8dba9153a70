/** What names, drugs, places and companies of the marked data sets are made of. All of it is invented or common property; no combination means anyone. */
const list = (words: string): readonly string[] => words.split(' ')

/** Parts of surnames that no list of names has, so that most names are met once only. */
export const surnameStarts = list(
  'Hal Thorn Wex Brin Cald Dun Ever Fal Garr Hol Kel Lang Mel Nor Oss Pell Quar Ras Sel Tor Ulv Van Wil Yar Zel Ash Bar Cor Dra Eld Fen Gos Hey Ist Jar Kor Lun Mad Nes Orm Pad Rok Stev Tam Urs Vos Wyn'
)
export const surnameEnds = list(
  'by combe croft den eigh field gate ham ier kamp lund mann nov over rick sen ström thorpe vic wall yer zak ova inski ades berg ell idis oglu ley escu'
)

/** Surnames that are months, days, illnesses, trades or streets elsewhere in the same letters. */
export const doubtfulSurnames = list(
  'March Day Baker Graves Bell Addison Parkinson Crohn Barlow Street Hill Ward Church Mills Rivers Winter Friday Bridge Castle Wells Penn Bright Young Long'
)
export const doubtfulFirstNames = list('April May June August Dawn Summer Rose Will Mark Bill Grace Faith Hope Art')

/** Each is a surname in one letter and a medicine by its trade name in another. */
export const nameOrDrug = list(
  'Tarvel Mirden Kelvane Ostrin Landrell Corvane Sandrel Halcine Merrin Torvast Elmiron Dalteva Norvel Karvan Sabrel Ramiro Losan Vesken Adalar Celion'
)

/** Medicines by their common names. */
export const drugs = list(
  'bisoprolol ramipril atorvastatin aspirin apixaban amlodipine furosemide salbutamol tiotropium montelukast carbocisteine doxycycline levetiracetam lamotrigine sumatriptan amitriptyline propranolol latanoprost omeprazole lansoprazole mesalazine loperamide tamsulosin finasteride solifenacin trimethoprim naproxen methotrexate hydroxychloroquine allopurinol levothyroxine metformin gliclazide sertraline mirtazapine quetiapine warfarin prednisolone codeine paracetamol amoxicillin clarithromycin lithium gabapentin simvastatin losartan'
)
export const drugStarts = list('vel tor ami cal nor lu pra zo bri ke da ro se mi ta ebi fos gra hex iso jul cle ombi pel rux')
export const drugMiddles = list('va ri so do mi ne lo xa te cu bi fe')
export const drugEnds = list(
  'pril sartan olol statin dipine gliptin prazole mab tinib cillin oxacin conazole zepam triptan xaban fenac setron gliflozin floxine vudine parin dronate'
)

/** Words that look like a medicine and are none: sorts of medicines, and what is measured. */
export const noDrugs: readonly string[] = [
  'a statin',
  'antibiotics',
  'a beta blocker',
  'steroids',
  'a water tablet',
  'an inhaler',
  'eye drops',
  'vitamin tablets from the supermarket',
  'nothing but herbal tea'
]

export const eponyms: readonly string[] = [
  "a Baker's cyst",
  "Graves' disease",
  "Bell's palsy",
  "Addison's disease",
  "Parkinson's disease",
  "Crohn's disease",
  'a Barlow valve',
  'a Colles fracture',
  "Barrett's oesophagus",
  "Raynaud's",
  "Meniere's disease",
  "Dupuytren's contracture"
]

export const townEnds = list('ford mere wick ton bridge minster haven dale worth cliffe stead moor burn holt')
export const streetKinds = list('Street Road Lane Close Avenue Crescent Gardens Terrace Way Court')
export const saints = list('Agnes Bede Columba Dunstan Edith Faith Giles Hilda Ives Jude Kenelm Luke Mark Ninian Oswald Petroc')

/** What companies are called and what they do. */
export const companyWords = list(
  'Nordhaven Aquila Brightwater Castellan Delphi Ember Ferrous Glasswing Helio Inverness Juniper Kestrel Lumen Meridian Nimbus Orchard Pinnacle Quartz Redwood Sable Tamar Umbra Verdant Westmark Xylo Yarrow Zephyr Alder Beacon Cobalt Drift Equinox Fathom Granite Harrow Indigo'
)
export const companyStarts = list('Vor Kal Sten Brix Alto Novo Fara Luma Tera Quin Maris Dex Orb Pan Rho Syn Tri Ver Zan Cel')
export const companyEnds = list('tech gen dyne flow works line tron soft lab port gas press pharm mark tex')
export const trades: readonly string[] = [
  'Shipping',
  'Engineering',
  'Foods',
  'Logistics',
  'Instruments',
  'Print',
  'Software',
  'Timber',
  'Textiles',
  'Energy',
  'Catering',
  'Diagnostics',
  'Property',
  'Freight',
  'Consulting',
  'Labels',
  'Ceramics',
  'Security'
]
export const legalForms: readonly string[] = [
  'Ltd',
  'Limited',
  'plc',
  'GmbH',
  'AG',
  'B.V.',
  'S.A.',
  'Inc.',
  'LLC',
  'ApS',
  'Oy',
  'AB',
  'LLP',
  'KG',
  'S.r.l.',
  'Pty Ltd'
]
export const laws: readonly string[] =
  'England and Wales|Scotland|Ireland|the Netherlands|Denmark|Portugal|Switzerland|Austria|Finland|the State of New York|Ontario|New South Wales|Singapore|Norway|Belgium|Estonia|Japan|Kenya|Germany|France|Spain|Sweden|the State of Delaware|Northern Ireland|Poland|Luxembourg|California|Hong Kong|Italy|Malta|Iceland|British Columbia|Quebec|New Zealand|Texas|the Isle of Man|Croatia|Latvia|the Canton of Zug|the Canton of Geneva|the Canton of Bern|the State of Ohio|the State of Nevada|the State of Oregon|the State of Georgia|the State of Maine|Alberta|Manitoba|Nova Scotia|Saskatchewan|Victoria|Queensland|Western Australia|Tasmania|Bavaria|Saxony|Hamburg|Catalonia|Slovenia|Slovakia|Lithuania|Hungary|Romania|Bulgaria|Greece|Cyprus|Jersey|Guernsey|Gibraltar|Bermuda|Israel|South Africa|Ghana|Nigeria|India|Malaysia|South Korea|Taiwan|Chile|Uruguay|Mexico|Florida|Vermont|Wales'.split(
    '|'
  )
