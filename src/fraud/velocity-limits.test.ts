import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../platform/config.ts'
import { readVelocityLimits } from './velocity-limits.ts'

const limitsOf = (text: string) =>
  readConfig({ DATABASE_URL: 'postgres://localhost/x', REDIS_URL: 'redis://localhost', VELOCITY_LIMITS: text }, [])
    .velocityLimits

// Removes the risk that a slip in the configuration switches a limit off without a word.
describe('velocity limits', () => {
  it('are read from one line', () => {
    expect(readVelocityLimits(limitsOf('email:5/1h,email:20/1d,ip:3/30m,fingerprint:1/10s'))).toEqual([
      { kind: 'email', orders: 5, seconds: 3_600 },
      { kind: 'email', orders: 20, seconds: 86_400 },
      { kind: 'ip', orders: 3, seconds: 1_800 },
      { kind: 'fingerprint', orders: 1, seconds: 10 },
    ])
    expect(readVelocityLimits(limitsOf('none'))).toEqual([])
    expect(readVelocityLimits(limitsOf(''))).toHaveLength(3)
  })

  it.each([
    'email',
    'email:5',
    'email:5/1w',
    'phone:5/1h',
    'email:0/1h',
    'email:5/1h,',
    'email:5/1h ip:5/1h',
    'none,email:5/1h',
  ])('refuses %s', (text) => {
    expect(() => limitsOf(text)).toThrow(ConfigError)
  })
})
