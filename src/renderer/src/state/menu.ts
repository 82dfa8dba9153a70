import type { MenuCommand } from '../../../preload/contract/menu.ts'
import { hrefTo } from '../router.svelte.ts'
import type { AppState } from './app.svelte.ts'

/** What lies over the page at the menu's wish. */
export type Overlay = 'palette' | 'sheet'

/** Does what the application's menu asks for. */
export function obey(command: MenuCommand, app: Pick<AppState, 'router' | 'intake'>, show: (overlay: Overlay) => void): void {
  switch (command) {
    case 'open-table':
      void app.intake.choose()
      break
    case 'palette':
      show('palette')
      break
    case 'shortcuts':
      show('sheet')
      break
    case 'up':
      app.router.up()
      break
    case 'go:privacy':
      app.router.go(hrefTo('settings', 'privacy'))
      break
    case 'go:home':
    case 'go:data':
    case 'go:runs':
    case 'go:library':
    case 'go:settings':
      app.router.go(hrefTo(SCREENS[command]))
  }
}

const SCREENS = {
  'go:home': 'home',
  'go:data': 'data',
  'go:runs': 'runs',
  'go:library': 'library',
  'go:settings': 'settings'
} as const
