import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type ReceivedMail = { to: string; replyTo: string; messageId: string; raw: string }

/** A real SMTP server that keeps what it was given, and refuses the next mails when asked. */
export async function startMailServer() {
  const received: ReceivedMail[] = []
  let refusals = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refusals > 0) {
          refusals -= 1
          done(Object.assign(new Error('busy'), { responseCode: 451 }))
          return
        }
        const raw = Buffer.concat(chunks).toString()
        const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim() ?? ''
        received.push({ to: header('To'), replyTo: header('Reply-To'), messageId: header('Message-ID'), raw })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refuseNext(count: number) {
      refusals = count
    },
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}
