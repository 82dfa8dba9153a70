export const folders = {
  model: 'Choose the folder of a model',
  target: 'Choose a folder to write to',
  modelAbout: 'The folder that holds config.json and the weights. It is read where it lies.',
  targetAbout: 'Attune writes into this folder and changes nothing else in it.',
  cuda: 'Choose the folder of a CUDA pack',
  cudaAbout: 'The folder that holds the wheel file onnxruntime_gpu-1.30.0, or its libraries. It is read where it lies.',
  where: 'Folders of the machine that Attune runs on',
  path: 'Where you are',
  use: 'Use this folder',
  empty: 'No folders in here.',
  cut: 'Only the first 2,000 folders are listed.',
  make: 'New folder',
  makeName: 'Name of the new folder',
  makeDo: 'Make',
  upload: 'Copy a folder from the machine of this browser'
}
