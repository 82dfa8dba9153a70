export const about = {
  build: 'Build',
  buildAbout: 'Fingerprint (SHA-256) of the program’s own files. The same Attune shows the same one on every PC.',
  packages: 'What others wrote and Attune contains',
  package: 'Package',
  licenceOf: (name: string) => `Licence of ${name}`,
  readLicence: (licence: string, name: string) => `${licence}: the licence of ${name}`,
  noText: 'This package brought no text of its licence. Its name says which one it is.',
  diagnostics: 'Diagnostics',
  diagnosticsAbout:
    'If something goes wrong, this file helps whoever mends it. It holds ids, counts and codes: no texts, no names of files, classes or people. Read it before you hand it on; nothing is sent by Attune.',
  diagnosticsText: 'The whole file',
  saveDiagnostics: 'Save this file',
  saved: 'Saved.',
  again: 'Look again'
}
