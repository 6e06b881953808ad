import { expect, test } from 'vitest'
import { ensureRedisBinary } from './redis-binary.ts'
import { SetupError } from './setup-error.ts'

test('without Redis an ordinary user is told the three ways to get one', () => {
  // The risk: a newcomer who meets a stack trace instead of an instruction.
  const look = () => ensureRedisBinary(() => {}, { searchPath: '/nonexistent', root: false })
  expect(look).toThrow(SetupError)
  expect(look).toThrow(/install the package redis-server.*set REDIS_URL.*docker run/)
})
