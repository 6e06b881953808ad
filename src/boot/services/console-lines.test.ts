import { expect, test } from 'vitest'
import { noteworthy } from './console-lines.ts'

test('the console shows warnings and errors of the log, and not the rest', () => {
  expect(noteworthy('{"level":30,"msg":"listening"}')).toBeUndefined()
  expect(noteworthy('{"level":"info","msg":"listening"}')).toBeUndefined()
  expect(noteworthy('{"level":40,"msg":"Redis is away"}')).toBe('warn  Redis is away')
  expect(noteworthy('{"level":"error","msg":"job failed","err":{"message":"no label"}}')).toBe(
    'error job failed: no label',
  )
  expect(noteworthy('{ half a line')).toBeUndefined()
})
