/** The buttons of failures, by the way out that helps. */
export const failures = {
  reload: 'Load the page again',
  'choose-file': 'Choose another file',
  'choose-unlocked': 'Choose it without its password',
  'choose-saved': 'Choose the saved XLSX',
  read: 'Choose how it is read',
  data: 'Go to the data',
  train: 'Go to the settings of training',
  runs: 'Go to the runs',
  use: 'Go to Use',
  library: 'Go to the library',
  projects: 'See all projects',
  bin: 'Look into the bin',
  storage: 'Go to the storage',
  encryption: 'Go to the encryption',
  device: 'See memory and disk'
}
