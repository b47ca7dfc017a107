import { Type } from 'typebox';

const onOrOff = (byDefault: 'on' | 'off', description: string) =>
  Type.Unsafe<'on' | 'off'>({ type: 'string', enum: ['on', 'off'], default: byDefault, description });

/** The variables that control who may call a service. */
export const accessConfig = {
  ACCESS: onOrOff('on', 'Whether callers need a token. `off`: anyone who can reach the port may do everything.'),
  ACCESS_POLICY_FILE: Type.Optional(
    Type.String({
      description:
        'Path of the policy file: which issuers are trusted, and which claims give which role. Required unless `ACCESS` is `off`.',
    }),
  ),
  ACCESS_TOKENS: onOrOff('off', 'Whether API tokens that Pagebridge issues are accepted too.'),
  ACCESS_OFF_IS_INTENDED: Type.Optional(
    Type.Unsafe<'true'>({
      type: 'string',
      enum: ['true'],
      description: 'Allows a service with `ACCESS=off` to listen on addresses other than loopback.',
    }),
  ),
};
