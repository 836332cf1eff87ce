/** The one place where what a window asks for is checked. */
import { z } from 'zod';
import { WorkbenchError } from '../base/errors.ts';
import { requestSchemas, type RequestName, type RequestParams } from './contract.ts';

/** A request whose parameters follow the schema of its name. */
export type CheckedRequest = {
  [Name in RequestName]: { readonly name: Name; readonly params: RequestParams<Name> };
}[RequestName];

/**
 * Checks a request of unknown origin.
 * @throws {WorkbenchError} `bad-request`: no request has this name, or a parameter is wrong (it says which).
 */
export function checkRequest(name: string, params: unknown): CheckedRequest {
  if (!Object.hasOwn(requestSchemas, name)) {
    throw new WorkbenchError('bad-request', `The workbench has no request "${name}".`);
  }
  const checked = requestSchemas[name as RequestName].safeParse(params);
  if (!checked.success) {
    throw new WorkbenchError('bad-request', `${name}: ${z.prettifyError(checked.error)}`);
  }
  return { name, params: checked.data } as CheckedRequest;
}
