// First: what comes after it makes number formats while it is loaded.
import './lib/safe-language.ts'
import { mount } from 'svelte'
import { createApi } from './lib/api.ts'
import { englishOf, writeFor } from './lib/format.ts'
import { makeLoopbackBridge } from './lib/loopback-bridge.ts'
import { speak } from './lib/words/index.ts'
import Gate from './screens/vault/Gate.svelte'
import { FolderPicker } from './state/folder-picker.svelte.ts'
import { Preferences } from './state/preferences.svelte.ts'
import './styles/tokens.css'
import './styles/base.css'

const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no #app element.')

const preferences = new Preferences()
preferences.apply()
speak(preferences.language)
// The words are English: numbers follow the English that this computer is set to.
writeFor(englishOf(navigator.language))

const picker = new FolderPicker()

try {
  const bridge = window.attune ?? (await makeLoopbackBridge({ pickFolder: picker.ask }))
  mount(Gate, { target, props: { api: createApi(bridge), preferences, picker } })
} catch (error) {
  const sentence = document.createElement('p')
  sentence.setAttribute('role', 'alert')
  sentence.className = 'adrift'
  sentence.textContent = error instanceof Error ? error.message : String(error)
  target.replaceChildren(sentence)
}
