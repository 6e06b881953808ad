import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createSigner } from './signing.ts'

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'ordermill-test-signing-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

// Removes the risk that links die with a process, or that one kind of token passes for another.
test('every process of an installation opens what another has signed; the secret is for its user only', () => {
  const token = createSigner({ signingSecret: undefined, dataDir }, 'download').sign('what was signed')
  expect(createSigner({ signingSecret: undefined, dataDir }, 'download').open(token)).toBe('what was signed')
  expect(readdirSync(dataDir)).toEqual(['signing-secret'])
  expect(statSync(path.join(dataDir, 'signing-secret')).mode & 0o777).toBe(0o600)
})

test('a token opens for its purpose and its secret only', () => {
  const secret = 'a secret of thirty-two characters'
  const token = createSigner({ signingSecret: secret, dataDir }, 'download').sign('text')
  expect(createSigner({ signingSecret: secret, dataDir }, 'download').open(token)).toBe('text')
  expect(createSigner({ signingSecret: secret, dataDir }, 'something else').open(token)).toBeUndefined()
  expect(createSigner({ signingSecret: `${secret}!`, dataDir }, 'download').open(token)).toBeUndefined()
})
