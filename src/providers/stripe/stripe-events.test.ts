// Risk removed: an operator who enables what the runbook says and misses a payment, or pays for events that say nothing.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { stripeEventTypes } from './stripe-events.ts'
import { isRelevant } from './stripe-observations.ts'

it.each(stripeEventTypes)('%s is applied, and the runbook names it', (type) => {
  expect(isRelevant(type)).toBe(true)
  expect(readFileSync(`${import.meta.dirname}/../../../docs/operations.md`, 'utf8')).toContain(type)
})
