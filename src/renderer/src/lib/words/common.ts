import { bytes, count, duration, percent, plural } from '../format.ts'

export const common = {
  more: 'More',
  app: 'Attune',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  retry: 'Try again',
  details: 'Details',
  loading: 'Loading…',
  undo: 'Undo',
  copy: 'Copy',
  copied: 'Copied.',
  reset: 'Reset',
  none: 'None',
  yes: 'Yes',
  no: 'No',
  choose: 'Choose a file',
  rows: (n: number) => plural(n, 'row', 'rows'),
  texts: (n: number) => plural(n, 'text', 'texts'),
  ofTotal: (done: number, total: number) => `${count(done)} of ${count(total)}`,
  left: (seconds: number) => `${duration(seconds)} left`,
  share: (value: number) => percent(value),
  size: (value: number) => bytes(value)
}

export const shell = {
  screens: 'Screens',
  home: 'Home',
  projects: 'Projects',
  data: 'Data',
  train: 'Train',
  runs: 'Runs',
  use: 'Use',
  library: 'Library',
  settings: 'Settings',
  skip: 'Skip to the contents',
  device: (device: string) => `Computes on ${device}. Opens the device settings.`,
  private: 'Nothing leaves this PC',
  notPrivate: (claim: string) => `Not holding: ${claim}`,
  running: (name: string, share: string) => `${name}, ${share}`,
  browser: 'Attune is open in a browser: extensions of this browser can read this page.',
  gotIt: 'Hide',
  notices: 'Messages',
  palette: 'Commands',
  paletteHint: 'Type a command, a run or a model',
  nothingFound: 'Nothing by that name.',
  command: 'Go to',
  openRun: 'Run',
  openModel: 'Model',
  openDataset: 'Data'
}

export const shortcuts = {
  title: 'Shortcuts',
  rows: [
    ['Ctrl+K', 'Find a command, a run or a model'],
    ['Ctrl+Enter', 'Press the main button of the screen'],
    ['Ctrl+Z', 'Take back what a message offers to take back'],
    ['Alt+←', 'One level up'],
    ['?', 'This list'],
    ['Esc', 'Close what lies on top'],
    ['↑ ↓ Page Home End', 'Move in a table'],
    ['Enter', 'Open the row']
  ] as readonly (readonly [string, string])[]
}
