import { axisFrom, fill, indexOf, offsetOf, read, required, whole, withPlace, type Kernel } from './tensor.ts'

/** A possibly negative index into `size` elements. Throws where it lies outside, as the runtime does. */
function placeIn(size: number, index: number): number {
  const place = index < 0 ? index + size : index
  if (place < 0 || place >= size) throw new Error(`index ${index} is outside ${size}`)
  return place
}

const gather: Kernel = (inputs, attributes) => {
  const [data, indices] = [required(inputs, 0), required(inputs, 1)]
  const axis = axisFrom(whole(attributes, 'axis'), data.shape.length)
  const rank = indices.shape.length
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)]
  return [
    fill(shape, (index) => {
      const place = placeIn(data.shape[axis] ?? 0, read(indices, index.slice(axis, axis + rank)))
      return read(data, [...index.slice(0, axis), place, ...index.slice(axis + rank)])
    })
  ]
}

const gatherElements: Kernel = (inputs, attributes) => {
  const [data, indices] = [required(inputs, 0), required(inputs, 1)]
  const axis = axisFrom(whole(attributes, 'axis'), data.shape.length)
  return [
    fill(indices.shape, (index) => read(data, withPlace(index, axis, placeIn(data.shape[axis] ?? 0, read(indices, index)))))
  ]
}

const scatterElements: Kernel = (inputs, attributes) => {
  const [data, indices, updates] = [required(inputs, 0), required(inputs, 1), required(inputs, 2)]
  const axis = axisFrom(whole(attributes, 'axis'), data.shape.length)
  const out = data.data.slice()
  updates.data.forEach((update, offset) => {
    const place = placeIn(data.shape[axis] ?? 0, indices.data[offset] ?? NaN)
    const at = offsetOf(data.shape, withPlace(indexOf(updates.shape, offset), axis, place))
    out[at] = attributes['reduction'] === 'add' ? (out[at] ?? NaN) + update : update
  })
  return [{ shape: data.shape, data: out }]
}

const oneHot: Kernel = (inputs) => {
  const [indices, values] = [required(inputs, 0), required(inputs, 2)]
  const depth = required(inputs, 1).data[0] ?? 0
  return [
    fill([...indices.shape, depth], (index) => {
      const wanted = read(indices, index.slice(0, -1))
      const isOn = (wanted < 0 ? wanted + depth : wanted) === index.at(-1)
      return values.data[isOn ? 1 : 0] ?? NaN
    })
  ]
}

export const indexingKernels = {
  Gather: gather,
  GatherElements: gatherElements,
  OneHot: oneHot,
  ScatterElements: scatterElements
} as const satisfies Readonly<Record<string, Kernel>>
