/** What the shell itself says: menus, dialogs, notifications. None of it names a file, a run or a text (security.md §4). */
export const words = {
  title: 'Attune',
  menu: {
    file: '&File',
    open: 'Open a table…',
    settings: 'Settings',
    quit: 'Quit Attune',
    close: 'Close window',
    edit: '&Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    view: '&View',
    home: 'Home',
    data: 'Data',
    runs: 'Runs',
    library: 'Library',
    palette: 'Go to…',
    up: 'Up one level',
    actualSize: 'Actual size',
    larger: 'Larger',
    smaller: 'Smaller',
    fullScreen: 'Full screen',
    reload: 'Reload the page',
    window: '&Window',
    minimise: 'Minimise',
    zoom: 'Zoom',
    help: '&Help',
    shortcuts: 'Keyboard shortcuts',
    privacy: 'Privacy',
    hide: 'Hide Attune',
    hideOthers: 'Hide others',
    showAll: 'Show all'
  },
  choose: {
    table: { title: 'Open a table', button: 'Open', filter: 'Tables' },
    mapping: { title: 'Choose the mapping of earlier copies', button: 'Choose', filter: 'Mappings' },
    pack: { title: 'Import a pack', button: 'Open', filter: 'Packs' },
    dataFolder: { title: 'Open a folder with data', button: 'Open' },
    modelFolder: { title: 'Add a model folder', button: 'Add' },
    cudaFolder: { title: 'Choose the folder of a CUDA pack', button: 'Add' },
    folder: { title: 'Choose a folder to write to', button: 'Use' },
    save: 'Save',
    pdf: 'PDF'
  },
  pdf: { page: (page: string, of: string) => `Page ${page} of ${of}` },
  leave: {
    message: 'A run is still training.',
    detail:
      'In the background, it goes on and Attune closes when nothing is left to train. Stopped, it keeps its place and can be resumed.',
    keep: 'Keep training in the background',
    stop: 'Stop at a checkpoint',
    cancel: 'Cancel'
  },
  notification: {
    finished: 'A run has finished. Its result is ready.',
    failed: 'A run has stopped early. Attune says what happened.'
  },
  crashed: {
    message: 'The window stopped working several times.',
    detail: 'Runs go on without it. Open the window again, or quit Attune.',
    again: 'Open the window again',
    quit: 'Quit Attune'
  }
} as const
