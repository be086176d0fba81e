import type { Customer } from './customers.ts'

/** On every answer of a customer whose public origin is https: browsers use only https for a year. */
export function transportHeaders({ publicOrigin }: Customer): Record<string, string> {
  return publicOrigin.startsWith('https:') ? alwaysHttps : {}
}

const alwaysHttps = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
