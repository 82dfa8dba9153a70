import { count, plural } from '../format.ts'

export const packs = {
  add: 'Import a pack',
  about:
    'One file in which another Attune has packed a model or an adapter. Every file in it is compared with its signed list before you are asked.',
  title: (name: string) => `Import ${name}`,
  titleOpen: 'Import a pack',
  titleFailed: 'This file cannot be imported',
  bringing: 'Bringing the file to Attune…',
  unpacking: 'Unpacking and checking',
  locked: 'This file is encrypted. Type the passphrase that it was packed with.',
  passphrase: 'Passphrase',
  unlock: 'Open',
  licence: 'Licence',
  licenceNone: 'no name',
  licenceText: 'Read the licence',
  noText: 'The file holds no text of a licence.',
  answers: 'Answers with',
  number: 'a number',
  madeFrom: 'Made from',
  by: (base: string, method: string) => `${base}, by ${method}`,
  on: 'Answers on',
  onModel: (name: string) => `${name} of the library, which is the model that it was made from`,
  tested: 'Tested by its maker',
  testedOn: (rows: number, part: 'test' | 'validation') =>
    `on ${plural(rows, 'row', 'rows')} of ${part === 'test' ? 'a test set' : 'a validation set'} that it was not trained on`,
  size: 'Size',
  reads: 'Reads up to',
  tokens: (n: number) => `${count(n)} tokens`,
  signedBy: 'Signed by',
  signedHere: 'this Attune',
  signedAbout: 'Have its maker read out the signature of that Attune: if it is the same, the file comes from there unchanged.',
  plain: 'Its weights will not be encrypted, as those of no model are: the computing library reads them from the disk.',
  keep: 'Import',
  kept: (name: string) => `${name} is ready: it answers in Use, and can be trained further.`,
  keptAdapter: (name: string, model: string) => `${name} is ready: it answers in Use, on ${model}.`,
  known: (name: string) => `This model is in the library already, as ${name}.`
}
