import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chargeTransitions } from '../charges/charge.state-machine.ts'
import { operationTransitions } from '../operations/operation.state-machine.ts'
import { defineTransitions, judge, statesBefore, type Transitions } from '../platform/state-machine.ts'
import { chargeStates } from '../providers/charge-states.ts'
import { splitTransitions } from '../splits/split.state-machine.ts'
import { fraudTransitions, itemTransitions, orderStates, orderStatus, orderTransitions } from './order.state-machine.ts'

const walk = <S extends string>(table: Transitions<S>, initial: S, events: readonly S[]) => {
  const seen = [initial]
  for (const event of events) if (judge(table, seen.at(-1) ?? initial, event) === 'moves') seen.push(event)
  return seen
}

// Removes the risk that an event, however late or wrong, takes an order or its money a step back.
describe('state machines', () => {
  it('I5 R48 never visits a state twice, whatever events come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...orderStates)),
        fc.array(fc.constantFrom(...chargeStates)),
        (orders, charges) => {
          for (const path of [walk(orderTransitions, 'pending', orders), walk(chargeTransitions, 'pending', charges)]) {
            expect(new Set(path).size).toBe(path.length)
          }
        },
      ),
    )
  })

  it('R49 takes an authorization after a capture for stale', () => {
    expect(judge(chargeTransitions, 'complete', 'capturable')).toBe('stale')
    expect(judge(chargeTransitions, 'complete', 'failed')).toBe('stale')
    expect(judge(chargeTransitions, 'failed', 'complete')).toBe('moves')
  })

  it('returns nothing that was not handed over', () => {
    expect(statesBefore(itemTransitions, 'returned')).toEqual(['fulfilled'])
    expect(statesBefore(operationTransitions, 'complete', 'failed')).toEqual(['pending', 'unknown'])
    expect(statesBefore(splitTransitions, 'planned')).toEqual([])
  })

  it('ends in the states that are terminal', () => {
    expect(orderTransitions.cancelled).toEqual([])
    expect(orderTransitions.blocked).toEqual([])
    expect(fraudTransitions.blocked).toEqual([])
    expect(itemTransitions.returned).toEqual([])
    expect(operationTransitions.complete).toEqual([])
    expect(splitTransitions.reversed).toEqual([])
  })

  it('I5 refuses at boot a table that leads back or has unreachable states', () => {
    expect(() => defineTransitions<'a' | 'b'>('loop', 'a', { a: ['b'], b: ['a'] })).toThrow('a → b → a leads back')
    expect(() => defineTransitions<'a' | 'b'>('island', 'a', { a: [], b: [] })).toThrow('b cannot be reached')
  })

  it('R10 shows the storefront PENDING until the saga is done', () => {
    expect(orderStatus('pending')).toBe('PENDING')
    expect(orderStatus('accepted')).toBe('PENDING')
    expect(orderStatus('confirmed')).toBe('CONFIRMED')
    expect(orderStatus('cancelled')).toBe('CANCELLED')
  })
})
