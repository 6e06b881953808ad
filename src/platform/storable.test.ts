import { describe, expect, it } from 'vitest'
import { findUnstorable, isTooDeep, toStorableJson } from './storable.ts'

// Removes the risk that a text no column can hold, or JSON without a bottom, becomes a 500 or an exhausted stack.
describe('storable values', () => {
  it('finds what cannot be stored, wherever it stands', () => {
    expect(findUnstorable({ a: [1, { b: 'x\0y' }] })).toEqual({ path: 'a.1.b', problem: 'contains a NUL character' })
    expect(findUnstorable(['\udc00'])).toEqual({ path: '0', problem: 'is not well-formed Unicode' })
    expect(findUnstorable({ a: { '\0': 1 } })?.path).toBe('a')
    expect(findUnstorable(JSON.parse('{"a":{"__proto__":1}}'))?.path).toBe('a')
    expect(findUnstorable({ a: '😀', b: [null, 5, true, '\n'] })).toBeUndefined()
  })

  it('stops at nesting without end, and lets usual nesting pass', () => {
    const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
    expect([isTooDeep(nested(64)), isTooDeep(nested(65)), isTooDeep(nested(100_000))]).toEqual([false, true, true])
    expect(findUnstorable(nested(100_000))?.problem).toBe('is nested too deeply')
  })

  it('replaces in texts and keys, and leaves texts about escapes alone', () => {
    expect(toStorableJson({ 'k\0': ['a\ud800b', '\udfff', '😀', '\\u0000', '\\\0'] })).toEqual({
      'k\uFFFD': ['a\uFFFDb', '\uFFFD', '😀', '\\u0000', '\\\uFFFD'],
    })
  })
})
