import { describe, expect, it } from 'vitest'
import { keepWorkspacesSmall } from '../../../../../../src/main/engine/runtime/c-api/card-workspace.ts'

const name = 'CUBLAS_WORKSPACE_CONFIG'

describe('the memory that cuBLAS keeps for itself', () => {
  it('is made small', () => {
    const environment: Record<string, string | undefined> = {}
    keepWorkspacesSmall(environment)
    expect(environment).toEqual({ [name]: ':4096:2:16:8' })
  })

  it('is what the person has set, where they have', () => {
    const environment = { [name]: ':4096:8' }
    keepWorkspacesSmall(environment)
    expect(environment).toEqual({ [name]: ':4096:8' })
  })
})
