import { BrowserWindow, session, type PrintToPDFOptions, type Session } from 'electron'
import { InputError } from '../../base/errors.ts'
import { confine } from './harden.ts'
import { ORIGIN } from './pages.ts'
import { words } from './words.ts'

/** A report brings its own styles and nothing else: no script, no picture from elsewhere. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store'
}

/** Margins in inches: 18 mm above and below, 16 mm at the sides, as the report's own style has them. */
const MARGINS = { top: 0.71, bottom: 0.71, left: 0.63, right: 0.63 }

const FOOTER = `<p style="width:100%;margin:0;text-align:center;font:8px sans-serif;color:#555">${words.pdf.page('<span class="pageNumber"></span>', '<span class="totalPages"></span>')}</p>`

const ON_PAPER: PrintToPDFOptions = {
  pageSize: 'A4',
  margins: MARGINS,
  printBackground: true,
  displayHeaderFooter: true,
  headerTemplate: '<span></span>',
  footerTemplate: FOOTER,
  generateTaggedPDF: true,
  generateDocumentOutline: true
}

/** In memory alone, and for these pages alone. */
const PARTITION = 'report'

const reports = new Map<string, Uint8Array<ArrayBuffer>>()
let own: Session | null = null
let count = 0

/** An HTML file that needs nothing else, as a PDF on A4. Drawn in a hidden window that runs no script. Throws an InputError where Chromium cannot print it. */
export async function pdfOf(page: Uint8Array): Promise<Uint8Array> {
  const address = `/report-${++count}.html`
  reports.set(address, new Uint8Array(page))
  const window = new BrowserWindow({
    title: words.title,
    show: false,
    webPreferences: {
      session: (own ??= makeSession()),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      javascript: false,
      spellcheck: false,
      devTools: false
    }
  })
  try {
    await window.loadURL(`${ORIGIN}${address}`)
    return await window.webContents.printToPDF(ON_PAPER)
  } catch (error) {
    const sentence = 'The PDF could not be made. Save the report as HTML, and print that from a browser.'
    throw new InputError('pdf-failed', sentence, {}, { cause: error })
  } finally {
    reports.delete(address)
    window.destroy()
  }
}

function makeSession(): Session {
  const made = session.fromPartition(PARTITION, { cache: false })
  confine(made)
  made.protocol.handle('app', ({ url }) => {
    const page = reports.get(new URL(url).pathname)
    return page === undefined ? new Response('Not found', { status: 404 }) : new Response(page, { headers: HEADERS })
  })
  return made
}
