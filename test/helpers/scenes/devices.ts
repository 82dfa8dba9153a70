import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

/** What can compute a training on this PC. */
export const devicesScenes: readonly Scene[] = [
  { name: 'settings-device', hash: '#/settings/device', options: still },
  { name: 'settings-device-untried', hash: '#/settings/device', options: { beat: 0 } },
  { name: 'settings-device-loading', hash: '#/settings/device', options: { ...still, silent: ['devices:table'] } },
  {
    name: 'settings-device-failed',
    hash: '#/settings/device',
    options: { ...still, failing: { 'devices:table': 'What was measured on this PC could not be read.' } }
  },
  {
    name: 'settings-device-pack-refused',
    hash: '#/settings/device',
    options: {
      ...still,
      failing: {
        'devices:addPack':
          '“Downloads” lacks “libonnxruntime.so.1.30.0”. Take the wheel onnxruntime_gpu-1.30.0 for this system from PyPI, or a folder with the files of its onnxruntime/capi.'
      },
      failingCode: 'cuda-pack'
    },
    act: (page) => page.getByRole('button', { name: 'Choose the folder with it…' }).click()
  }
]
