/** The buttons of failures, by the way out that helps. */
export const failures = {
  reload: 'Load the page again',
  'choose-file': 'Choose another file',
  read: 'Choose how it is read',
  data: 'Go to the data',
  train: 'Go to the settings of training',
  runs: 'Go to the runs',
  library: 'Go to the library',
  device: 'See memory and disk'
}
