import net from 'node:net'

/**
 * Sends one command without arguments' quoting needs (PING, FLUSHALL, INFO) to the Redis on 127.0.0.1 and returns the
 * first line of its reply, or undefined when it does not answer within `timeoutMs`.
 */
export async function redisCommand(
  { port, password }: { port: number; password: string },
  command: string,
  timeoutMs = 1_000,
): Promise<string | undefined> {
  const socket = net.connect({ host: '127.0.0.1', port })
  return await new Promise<string | undefined>((resolve) => {
    let reply = ''
    const end = (line?: string) => {
      socket.destroy()
      resolve(line)
    }
    socket.setTimeout(timeoutMs, () => end())
    socket.once('error', () => end())
    socket.once('close', () => end())
    socket.once('connect', () => socket.write(`AUTH ${password}\r\n${command}\r\n`))
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1')
      const [signedIn, line, rest] = reply.split('\r\n')
      if (signedIn?.startsWith('-')) end(signedIn)
      else if (rest !== undefined) end(line)
    })
  })
}
