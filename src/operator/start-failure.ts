/** Why a command cannot begin, and what the operator can do about it: one sentence, without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure'
  readonly what: string
  readonly remedy: string

  /**
   * @param what happened, naming the path, the port or the owner; without a full stop
   * @param remedy what to do, as an imperative; without a full stop
   */
  constructor(what: string, remedy: string, options?: { cause: unknown }) {
    super(`${what}: ${remedy}.`, options)
    this.what = what
    this.remedy = remedy
  }
}

/** Turns a failure to listen into a sentence. @param setting the setting with the port */
export function cannotListen(
  setting: 'PORT' | 'SANDBOX_PORT' | 'METRICS_LISTEN' | 'OPERATOR_LISTEN',
): (error: unknown) => never {
  return (error) => {
    throw listenFailure(error, setting) ?? error
  }
}

function listenFailure(error: unknown, setting: string): StartFailure | undefined {
  if (!(error instanceof Error)) return undefined
  // `address` and `port` of an attempt to listen, `hostname` of a name that does not resolve.
  const { code, address, port, hostname } = error as NodeJS.ErrnoException & {
    address?: string
    port?: number
    hostname?: string
  }
  const failure = (what: string, remedy: string) => new StartFailure(what, remedy, { cause: error })
  const addresses = setting.endsWith('_LISTEN') ? setting : 'LISTEN_ON'
  if (code === 'EADDRINUSE')
    return failure(
      `Port ${port} on ${address} is taken by another program`,
      `stop that program, or set ${setting} to a free port`,
    )
  if (code === 'EACCES')
    return failure(
      `This user may not listen on port ${port} of ${address}`,
      `set ${setting} to 1024 or above, or give the process the right CAP_NET_BIND_SERVICE`,
    )
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')
    return failure(
      `This machine does not have the address ${address}`,
      `set ${addresses} to addresses it has`,
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failure(`The name ${hostname} in LISTEN_ON cannot be found`, 'set LISTEN_ON to addresses')
  return undefined
}
