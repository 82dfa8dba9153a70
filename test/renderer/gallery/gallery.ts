import { mount } from 'svelte'
import { speak } from '../../../src/renderer/src/lib/words/index.ts'
import { Preferences } from '../../../src/renderer/src/state/preferences.svelte.ts'
import Gallery from './Gallery.svelte'
import type { ShownFailure } from './shown-failure.ts'
import '../../../src/renderer/src/styles/tokens.css'
import '../../../src/renderer/src/styles/base.css'

/** Put in by whoever builds this page. */
declare const FAILURE_PAGES: readonly (readonly ShownFailure[])[]

const preferences = new Preferences()
preferences.apply()
preferences.follow()
speak(preferences.language)
const target = document.getElementById('app')
if (target === null) throw new Error('gallery.html has no #app element.')
mount(Gallery, { target, props: { failures: FAILURE_PAGES[Number(location.hash.slice(1)) - 1] ?? [] } })
