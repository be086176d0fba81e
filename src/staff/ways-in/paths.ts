export const waysInPath = '/admin/ways-in'
export const newProviderPath = `${waysInPath}/new`

export function providerPath(name: string): string {
  return `${waysInPath}/providers/${name}`
}
