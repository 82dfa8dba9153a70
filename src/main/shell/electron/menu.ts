import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../../preload/contract/menu.ts'
import { words } from './words.ts'

export interface MenuOptions {
  /** Shows the window and hands the command to its page. */
  readonly command: (command: MenuCommand) => void
  readonly reload: () => void
  readonly platform?: NodeJS.Platform
}

type Items = readonly MenuItemConstructorOptions[]

/** Sets the application's menu. Accelerators that the page handles itself are shown and not taken (`registerAccelerator`). */
export function setMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate([...menuTemplate(options)]))
}

export function menuTemplate({ command, reload, platform = process.platform }: MenuOptions): Items {
  const { menu } = words
  const isMac = platform === 'darwin'
  const does = (label: string, what: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => command(what),
    ...(accelerator !== undefined && { accelerator })
  })
  /** The page hears these keys itself. */
  const shown = (label: string, what: MenuCommand, accelerator: string): MenuItemConstructorOptions => ({
    ...does(label, what, accelerator),
    registerAccelerator: false
  })
  const settings = does(menu.settings, 'go:settings', 'CmdOrCtrl+,')
  const file: Items = [
    does(menu.open, 'open-table', 'CmdOrCtrl+O'),
    separator,
    ...(isMac
      ? [{ label: menu.close, role: 'close' } as const]
      : [settings, separator, { label: menu.quit, role: 'quit', accelerator: 'CmdOrCtrl+Q' } as const])
  ]
  const view: Items = [
    does(menu.home, 'go:home', 'CmdOrCtrl+1'),
    does(menu.data, 'go:data', 'CmdOrCtrl+2'),
    does(menu.runs, 'go:runs', 'CmdOrCtrl+3'),
    does(menu.library, 'go:library', 'CmdOrCtrl+4'),
    separator,
    shown(menu.palette, 'palette', 'CmdOrCtrl+K'),
    shown(menu.up, 'up', 'Alt+Left'),
    separator,
    ...zoom(),
    separator,
    { label: menu.reload, click: reload },
    { label: menu.fullScreen, role: 'togglefullscreen' }
  ]
  return [
    ...(isMac ? [macMenu(settings)] : []),
    { label: menu.file, submenu: [...file] },
    { label: menu.edit, submenu: [...editing()] },
    { label: menu.view, submenu: [...view] },
    {
      label: menu.window,
      role: 'windowMenu',
      submenu: [
        { label: menu.minimise, role: 'minimize' },
        { label: menu.zoom, role: 'zoom' }
      ]
    },
    { label: menu.help, role: 'help', submenu: [shown(menu.shortcuts, 'shortcuts', 'Shift+?'), does(menu.privacy, 'go:privacy')] }
  ]
}

const separator = { type: 'separator' } as const

const editing = (): Items => [
  { label: words.menu.undo, role: 'undo' },
  { label: words.menu.redo, role: 'redo' },
  separator,
  { label: words.menu.cut, role: 'cut' },
  { label: words.menu.copy, role: 'copy' },
  { label: words.menu.paste, role: 'paste' },
  { label: words.menu.selectAll, role: 'selectAll' }
]

const zoom = (): Items => [
  { label: words.menu.actualSize, role: 'resetZoom' },
  { label: words.menu.larger, role: 'zoomIn' },
  { label: words.menu.smaller, role: 'zoomOut' }
]

function macMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  const { hide, hideOthers, showAll, quit } = words.menu
  return {
    label: words.title,
    submenu: [
      settings,
      separator,
      { label: hide, role: 'hide' },
      { label: hideOthers, role: 'hideOthers' },
      { label: showAll, role: 'unhide' },
      separator,
      { label: quit, role: 'quit' }
    ]
  }
}
