import { expect, test } from 'vitest'
import { hashPassword, passwordMatches, unmatchedHash } from './passwords.ts'

test('a password matches its own hash only', async () => {
  const hash = await hashPassword('correct horse battery')
  expect(await passwordMatches('correct horse battery', hash)).toBe(true)
  expect(await passwordMatches('correct horse batterx', hash)).toBe(false)
  expect(await passwordMatches('', hash)).toBe(false)
})

test('two hashes of one password differ, so that equal passwords do not show', async () => {
  expect(await hashPassword('correct horse battery')).not.toBe(await hashPassword('correct horse battery'))
})

test('the hash that stands in for an unknown user costs what a real one costs and matches nothing', async () => {
  const parameters = (hash: string) => hash.split('$').slice(0, 4)
  const real = await hashPassword('correct horse battery')
  expect(parameters(unmatchedHash)).toEqual(parameters(real))
  expect(unmatchedHash.length).toBe(real.length)
  expect(await passwordMatches('', unmatchedHash)).toBe(false)
})

test('a malformed hash matches nothing', async () => {
  expect(await passwordMatches('correct horse battery', 'correct horse battery')).toBe(false)
})
