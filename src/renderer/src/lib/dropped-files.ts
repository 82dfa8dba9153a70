/** Files of a drop, those in dropped folders included. To be called while the event is handled: afterwards the browser forgets them. */
export function droppedFiles(transfer: DataTransfer): Promise<readonly File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const flat = [...transfer.files]
  if (!entries.some((entry) => entry.isDirectory)) return Promise.resolve(flat)
  return Promise.all(entries.map(filesIn)).then((all) => all.flat())
}

async function filesIn(entry: FileSystemEntry): Promise<readonly File[]> {
  if (entry.isFile) return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))] // It says so.
  const reader = (entry as FileSystemDirectoryEntry).createReader() // Whatever is no file is a folder.
  const found: File[] = []
  for (;;) {
    // A reader gives at most some hundred entries at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    for (const one of some) found.push(...(await filesIn(one)))
  }
}

/** Asks for files with the system's own picker; none where the person thought better of it. */
export function pickFiles(accept: string): Promise<readonly File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = accept
  input.multiple = true
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
}

/** Endings of files that are one document each. */
export const DOCUMENTS = '.txt,.text,.md,.markdown,.docx,.pdf,.eml,.html,.htm'

export const isDocument = ({ name }: File): boolean => /\.(?:txt|text|md|markdown|docx|pdf|eml|html?)$/i.test(name)

/** Cells copied from a spreadsheet, as a file; null where the clipboard has no table of two rows and two columns. */
export function pastedTable(text: string, name: string): File | null {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n')
  if (lines.length < 2 || !lines[0]?.includes('\t')) return null
  return new File([`${lines.join('\n')}\n`], name, { type: 'text/tab-separated-values' })
}
