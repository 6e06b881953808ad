import { describe, expect, it } from 'vitest'
import { newId } from './ids.ts'
import { createLog } from './log.ts'

// Removes the risk that a buyer's data ends in a log file.
describe('log', () => {
  it('I10 writes of an error its kind and frames, never the values its message quotes nor what opens an order', () => {
    const lines: string[] = []
    const log = createLog('info', 'test', { write: (line) => void lines.push(line) })
    const error = Object.assign(new Error('duplicate key value: Key (email)=(ada@example.com) already exists'), {
      code: '23505',
      detail: 'ada@example.com',
    })
    log.error({ err: error, orderId: 'ord_1' }, 'request failed')
    log.warn({ err: new Error('could not reach "ada@example.com"') }, 'mail')
    log.error({ err: new Error('insert into x\n    at lovelace@example.com, who typed this') }, 'request failed')
    const orderId = newId('order')
    log.warn(
      { orderId, reason: `order ${orderId} does not exist`, err: new Error(`order ${orderId} is gone`) },
      orderId,
    )
    const text = lines.join('')
    expect(text).not.toContain('ada@example.com')
    expect(text).not.toContain('lovelace')
    expect(text).toContain('log.test.ts')
    expect(text).not.toContain(orderId)
    expect(text).toContain(orderId.slice(0, 14))
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      orderId: 'ord_1',
      err: { code: '23505', reason: 'duplicate key value' },
    })
  })
})
