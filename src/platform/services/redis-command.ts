import net from 'node:net'

/**
 * Sends one command without arguments' quoting needs (PING, FLUSHALL, INFO) to the Redis on 127.0.0.1 and returns the
 * first line of its reply, or undefined when it does not answer within `timeoutMs`.
 */
export async function redisCommand(port: number, command: string, timeoutMs = 1_000): Promise<string | undefined> {
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
    socket.once('connect', () => socket.write(`${command}\r\n`))
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1')
      const lineEnd = reply.indexOf('\r\n')
      if (lineEnd >= 0) end(reply.slice(0, lineEnd))
    })
  })
}
