import { once } from 'node:events'
import net from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { choosePort } from './ports.ts'

let server: net.Server
let taken: number

beforeEach(async () => {
  server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  taken = typeof address === 'object' && address ? address.port : 0
})
afterEach(() => server.close())

test('a preferred port that is taken gives way to a free one', async () => {
  const port = await choosePort({}, { name: 'PORT', preferred: taken })
  expect(port).not.toBe(taken)
})

test('a port that was asked for and is taken is refused by name', async () => {
  // The risk: listening elsewhere than where the person, or a tunnel, will look.
  await expect(choosePort({ PORT: String(taken) }, { name: 'PORT' })).rejects.toThrow(
    `Port ${taken} (PORT) is taken: stop what listens there, set another, or leave PORT out.`,
  )
})

test('a port that is none is refused', async () => {
  await expect(choosePort({ PORT: 'eighty' }, { name: 'PORT' })).rejects.toThrow('PORT=eighty is not a port')
})
