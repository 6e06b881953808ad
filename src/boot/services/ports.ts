import { randomInt } from 'node:crypto'
import net from 'node:net'
import { SetupError } from './setup-error.ts'

/** True when a server can listen on this port of `host` at this moment. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = net.createServer()
  return await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/**
 * A port nobody listens on, chosen at random below the range from which the kernel takes the ports of outgoing
 * connections. In that range a client that keeps reconnecting to a stopped server can end up connected to itself,
 * and the server cannot come back on its port.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(20_000, 32_000)
    if (await isPortFree(port, host)) return port
  }
  throw new SetupError(`No free port between 20000 and 32000 was found on ${host}.`)
}

/**
 * The port for one server: the one given in the environment variable `name`, which must be free, else `preferred`
 * when it is free, else any free one.
 */
export async function choosePort(
  env: NodeJS.ProcessEnv,
  { name, preferred, host = '127.0.0.1' }: { name: string; preferred?: number; host?: string },
): Promise<number> {
  const given = env[name]
  if (given) {
    const port = Number(given)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new SetupError(`${name}=${given} is not a port: give a number between 1 and 65535, or leave it out.`)
    }
    if (await isPortFree(port, host)) return port
    throw new SetupError(`Port ${port} (${name}) is taken: stop what listens there, set another, or leave ${name} out.`)
  }
  if (preferred !== undefined && (await isPortFree(preferred, host))) return preferred
  return await freePort(host)
}

/** True when something accepts a connection at this address, or on the socket of this path, within `timeoutMs`. */
export async function canConnect(
  address: { host: string; port: number } | { path: string },
  timeoutMs = 3_000,
): Promise<boolean> {
  const socket = net.connect(address)
  return await new Promise<boolean>((resolve) => {
    const end = (reached: boolean) => {
      socket.destroy()
      resolve(reached)
    }
    socket.setTimeout(timeoutMs, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
