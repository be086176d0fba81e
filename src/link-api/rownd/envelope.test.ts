import { describe, expect, it } from 'vitest'
import {
  answerRowndError,
  RowndError,
  type RowndErrorCode,
  rowndErrorResponse,
  rowndErrors,
  toEnvelope,
} from './envelope.ts'

const codes = Object.keys(rowndErrors) as RowndErrorCode[]

describe('a refusal of the Rownd form', () => {
  it.each(codes)('%s has all five fields that one or another client of Rownd needs', (code) => {
    const told = toEnvelope(new RowndError(code))
    const [status, message] = rowndErrors[code]
    expect(told).toEqual({
      statusCode: status,
      error: expect.stringMatching(/^[A-Z][A-Za-z ]+$/) as string,
      code,
      message,
      messages: [message],
    })
  })

  it('says of each field what is wrong with it, in the messages, too', () => {
    const fieldErrors = {
      email: ['must be an email address'],
      age: ['must be of type number', 'is required'],
    }
    expect(toEnvelope(new RowndError('E_USER_UPDATE_FAILED', { fieldErrors }))).toMatchObject({
      message: 'email: must be an email address',
      messages: ['email: must be an email address', 'age: must be of type number', 'age: is required'],
      field_errors: fieldErrors,
    })
  })

  it('says how many seconds to wait, never none', () => {
    const wait = (retryAfterMs: number) =>
      answerRowndError(new RowndError('E_RATE_LIMITED', { retryAfterMs })).headers.get('retry-after')
    expect([wait(0), wait(1), wait(1001)]).toEqual(['1', '1', '2'])
  })
})

it('a fault of ours says nothing of itself', async () => {
  const trouble = {
    code: 'server_error',
    status: 500,
    fields: {},
    url: undefined,
    method: 'GET',
    headers: {},
  } as const
  const answer = rowndErrorResponse(trouble)
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({
    statusCode: 500,
    error: 'Internal Server Error',
    code: 'E_SERVER_ERROR',
  })
})
