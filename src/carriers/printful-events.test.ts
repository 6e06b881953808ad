// Risk removed: an operator who enables what the runbook says and never hears of a print job.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createPrintful } from './printful.ts'
import { printfulEventTypes } from './printful-events.ts'

const settings = { apiKey: 'key', apiBase: 'http://127.0.0.1', storeId: undefined, webhookSecrets: ['00'] }
const printful = createPrintful(settings, 1_000)

it.each(printfulEventTypes)('%s says what became of a print job, and the runbook names it', (type) => {
  expect(printful.readUpdate({ type })).toBeDefined()
  expect(readFileSync(`${import.meta.dirname}/../../docs/operations.md`, 'utf8')).toContain(`\`${type}\``)
})
