/** Throws where something is used that the fake does not have, so that it cannot pass unseen. */
export function strict<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get: (target, key, receiver) => {
      if (!(key in target) && typeof key === 'string' && key !== 'then')
        throw new Error(`The fake Electron has no ${name}.${key}.`)
      return Reflect.get(target, key, receiver) as unknown
    }
  })
}
