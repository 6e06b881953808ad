import { expect, test } from 'vitest'
import { type Supervised, Supervisor } from './supervisor.ts'
import { waitFor } from './wait-for.ts'

function standIn(name: string, journal: string[], diesAtOnce = false): Supervised & { die(): void } {
  let ended = Promise.withResolvers<void>()
  if (diesAtOnce) ended.resolve()
  return {
    name,
    stopWithinMs: 10,
    exited: () => ended.promise,
    restart: async () => {
      journal.push(`${name} restarted`)
      ended = Promise.withResolvers<void>()
      if (diesAtOnce) ended.resolve()
    },
    stop: async () => {
      journal.push(`${name} stopped`)
      ended.resolve()
    },
    kill: async () => {},
    lastLines: () => ['the reason'],
    die: () => ended.resolve(),
  }
}

test('what ends by itself is started again; a stop is final and goes in reverse order', async () => {
  const journal: string[] = []
  const supervisor = new Supervisor({ print: (line) => journal.push(line) })
  const [first, second] = [standIn('first', journal), standIn('second', journal)]
  supervisor.watch(first)
  supervisor.watch(second)
  first.die()
  await waitFor('the restart', () => journal.includes('first restarted'))
  await supervisor.stop()
  expect(journal).toEqual([
    'first ended unexpectedly and is started again',
    'first restarted',
    'second stopped',
    'first stopped',
  ])
})

test('a crash loop ends the whole with the last words of what crashed', async () => {
  // The risk: a machine that restarts a broken process for ever and shows nobody why it breaks.
  const supervisor = new Supervisor({ print: () => {}, maxCrashes: 3 })
  supervisor.watch(standIn('api', [], true))
  await expect(supervisor.failed).rejects.toThrow('api ended 3 times in a row. The last it said:\n  the reason')
})
