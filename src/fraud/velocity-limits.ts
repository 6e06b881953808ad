import type { SignalKind } from './fraud-signal.entity.ts'

/** How many orders one email address, card or internet address may make in a time. */
export type VelocityLimit = { kind: SignalKind; orders: number; seconds: number }

const secondsOf = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Reads `email:5/1h,ip:20/1d` as the configuration has checked it; `none` is no limit at all. */
export function readVelocityLimits(text: string): VelocityLimit[] {
  return [...text.matchAll(/(email|fingerprint|ip):(\d+)\/(\d+)([smhd])/g)].map(([, kind, orders, count, unit]) => ({
    kind: kind as SignalKind,
    orders: Number(orders),
    seconds: Number(count) * secondsOf[unit as keyof typeof secondsOf],
  }))
}
