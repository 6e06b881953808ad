import { describe, expect, it } from 'vitest'
import { createSlots } from './endpoint-slots.ts'

// Removes the risk that one slow receiver holds every other one up.
describe('slots', () => {
  it('are limited for each key by itself, and come back once', () => {
    const slots = createSlots(2)
    const first = slots.take('slow')
    expect(slots.take('slow')).toBeDefined()
    expect(slots.take('slow')).toBeUndefined()
    expect(slots.take('other')).toBeDefined()
    first?.()
    first?.()
    expect(slots.take('slow')).toBeDefined()
    expect(slots.take('slow')).toBeUndefined()
  })
})
