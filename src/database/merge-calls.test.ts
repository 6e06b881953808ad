import { expect, test } from 'vitest'
import { mergeCalls } from './merge-calls.ts'

// Removes the risk that sets of calls and groups, which lock the same rows, wait for each other until one of them gives up.
test('calls that gather go in the order of what they are about, and each gets its own answer', async () => {
  const sets: string[][] = []
  const merging = {
    text: 'a set',
    params: (calls: readonly object[]) => calls,
    answers: (rows: readonly object[]) => rows.map((row) => [row]),
  }
  const sql = mergeCalls(async <Row extends object>(text: string, params: readonly unknown[] = []) => {
    if (text === 'a set') sets.push((params as { orderId: string }[]).map(({ orderId }) => orderId))
    return params as Row[]
  })
  const ask = (orderId: string) => {
    const values = { orderId }
    return sql<typeof values>('alone', [values], { merging: { ...merging, params: (calls) => [...calls] }, values })
  }
  const answers = await Promise.all(['d', 'e', 'c', 'a', 'b'].map(ask))
  // The first two found nobody to wait for.
  expect(sets).toEqual([['a', 'b', 'c']])
  expect(answers.map(([row]) => row?.orderId)).toEqual(['d', 'e', 'c', 'a', 'b'])
})
