import net from 'node:net'

/** The fields of `INFO` of the Redis on that loopback port; empty when it does not answer within two seconds. */
export async function redisInfo(port: number): Promise<Record<string, string>> {
  const socket = net.connect({ host: '127.0.0.1', port })
  const text = await new Promise<string>((resolve) => {
    let reply = ''
    socket.setTimeout(2_000, () => socket.destroy())
    socket.once('connect', () => socket.write('INFO\r\nQUIT\r\n'))
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1')
    })
    socket.once('error', () => {})
    socket.once('close', () => resolve(reply))
  })
  const fields = text.split('\r\n').map((line) => line.split(':', 2))
  return Object.fromEntries(fields.flatMap(([name, value]) => (name && value !== undefined ? [[name, value]] : [])))
}
