import { describe, expect, it } from 'vitest'
import { RowndError } from '../envelope.ts'
import { newUserId, readUserId } from './user-ids.ts'

describe('a user id asked for', () => {
  it.each([
    [undefined, '__rowndid__'],
    ['', '__rowndid__'],
    ['__default__', '__rowndid__'],
    ['__DEFAULT__', '__rowndid__'],
    ['__uuid__', '__uuid__'],
    ['__UUID__', '__uuid__'],
    ['__objectid__', '__objectid__'],
    ['__ObjectId__', '__objectid__'],
    ['__rowndid__', '__rowndid__'],
    ['__ROWNDID__', '__rowndid__'],
  ])('%s is one to be made as %s', (text, format) => {
    expect(readUserId(text, '__rowndid__')).toEqual({ isFixed: false, format })
  })

  it.each([
    'user_fmpsrdqfcqzyicf3msor42e8',
    '42',
    'google-oauth2|109876543210',
    'ana@example.org',
    '3f1c2d9e-8a7b-4c5d-9e0f-112233445566',
    'a'.repeat(128),
    '_private_',
  ])('%s is the caller’s own', (text) => {
    expect(readUserId(text, '__uuid__')).toEqual({ isFixed: true, id: text })
  })

  it.each([
    '__sample__',
    '__nonsense__',
    '____',
    '.',
    '..',
    'a/b',
    'a b',
    'a%2fb',
    'a?b',
    'a#b',
    'a\u0000b',
    'Käthe',
    'a'.repeat(129),
  ])('%j is none', (text) => {
    expect(() => readUserId(text, '__uuid__')).toThrow(RowndError)
  })

  it('is made in each format, a new one every time', () => {
    const nowMs = 1_800_000_000_000
    const forms = {
      __uuid__: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      __objectid__: /^6b49d200[0-9a-f]{16}$/,
      __rowndid__: /^user_[0-9a-z]{24}$/,
    } as const
    for (const [format, form] of Object.entries(forms)) {
      const make = () => newUserId(format as keyof typeof forms, nowMs)
      expect(make()).toMatch(form)
      expect(new Set(Array.from({ length: 100 }, make)).size).toBe(100)
    }
  })
})
