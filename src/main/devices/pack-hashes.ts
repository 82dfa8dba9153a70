/** The SHA-256 of each official build of a pack's files, by name. */
type Hashes = Readonly<Record<string, readonly string[]>>

/** More than any of these files has: what claims to be larger is none of them. */
export const MOST_BYTES = 2 ** 29

/**
 * The files of onnxruntime-gpu 1.30.0 (docs/decisions/0047), with the hashes that the RECORD of each wheel on PyPI gives (CPython 3.11 to 3.14). The builds
 * differ by the Python that a wheel is for, though none of these files uses one.
 */
export const officialHashes: Hashes = {
  'libonnxruntime.so.1.30.0': ['5a140dc17c8b60b35b2ceab0bb533e65ac54f06a208948417c1f9c31df6afc4c'],
  'libonnxruntime_providers_cuda.so': [
    '0eb25d39348154516b638e792c9b30a5a91bbf7b72c2e09d3f68ada716ee6ce8',
    '35da2e7ed0dd0d1aec5cdb16ce11a51d06c0c48cf62d1b1c9332946a4fae14fc',
    '9d7587acb137b31bf84e4d32dc444b969bb601d098b01395effcacfe4341e364',
    'afd77f8d1e05544456476e244601ff08d444ff90921d6d73b2066c124f109bd2'
  ],
  'libonnxruntime_providers_shared.so': ['086ec1d5388f64153d9c63470d126693db9a182c8ce236d3a1119068471b8a0d'],
  'onnxruntime.dll': [
    '2477be7959c9bad9dc1afb7b5efed9ba4cbef9fdf2b468148ed4ce30c170d4c3',
    '4d6e44c81b17b2c5e1d1d2b7e64258685e685fa12af3f97941c61b32efb56ab5',
    'a473c05fb61d5ad61f91b3df8139494af5011e0951213905f9bf3e99ecb53ff4',
    'ea4543153659c87599ff765a81dc42a482662cfdd9b932f6768c1d4e63ea6dd0'
  ],
  'onnxruntime_providers_cuda.dll': [
    '1508c627621902162202740438eb50ab6177767a51067c2166d9084087f9d802',
    '343f7cd44b2888864136fce33abf0b011cf0c941c6d0005ed583374591f19c89',
    'c09f4d3827977f202529ab9b2bcd8e477e094d85b6c472f642e7e107f6800d64',
    'e8f5ca1e6682da49593050d83f1b08d86595a8171bf9870a5f4b8cf76de2cdb2'
  ],
  'onnxruntime_providers_shared.dll': [
    '07d77c7a6d41bb370bb4e9ac461397d7ec21068173d6fd8eba264d9a0e6c88c2',
    '27693776c88d8edacffa3a51a2f760c329b4671d22d73bcfa340f36b0f803144',
    '2b07e5dfa05d4428b67c62281efca8284a5cce2f47b0a6b2506321b706d3e2c3',
    'aeec9d614b515ffdf1fd540b128a3990eb25431dfcd5d86c2be09fc2a92aad0b'
  ]
}
